package dev.errand.tools.servlet.module;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Stores the compiled code of servlets in the data folder and in the database. The code runs inside
 * this process, so it is sealed with the master key for its content address and engine: write
 * access to the folder or the database allows removing code, but not forging it.
 */
@ApplicationScoped
public class SealedCodeStore implements CodeStore {
  private static final Logger LOG = Logger.getLogger(SealedCodeStore.class);

  // Rows of other engine versions stay for 30 days, for rollbacks and slow rollouts.
  private static final String KEEP =
      """
      WITH outdated AS (
        DELETE FROM servlet_code
        WHERE address = :address AND engine <> :engine AND created_at < now() - interval '30 days')
      INSERT INTO servlet_code (address, engine, sealed)
      SELECT address, :engine, :sealed FROM servlet_content WHERE address = :address
      ON CONFLICT (address, engine) DO UPDATE SET sealed = excluded.sealed, created_at = now()
      """;

  private static final String FIND =
      "SELECT sealed FROM servlet_code WHERE address = :address AND engine = :engine";

  /** The most codes kept in memory whose servlet is still being published. */
  private static final int MOST_EARLY = 4;

  /** The most bytes of one stored code. */
  private static final int LARGEST = 32 << 20;

  private final Sql sql;
  private final SecretBox box;
  private final CodeFolder folder;
  private final Map<String, Early> early = new LinkedHashMap<>();

  private record Early(String engine, byte[] sealed) {}

  /**
   * Keeps compiled code in the data folder and the database.
   *
   * @param data the folder of the embedded database, of generated keys and of compiled servlets
   */
  @Inject
  SealedCodeStore(
      Sql sql,
      SecretBox box,
      CodeConfig config,
      @ConfigProperty(name = "errand.data", defaultValue = "data") String data,
      Clock clock) {
    this(sql, box, new CodeFolder(Path.of(data, "code"), config.disk().asLongValue(), clock));
  }

  SealedCodeStore(Sql sql, SecretBox box, CodeFolder folder) {
    this.sql = sql;
    this.box = box;
    this.folder = folder;
  }

  @Override
  public Optional<byte[]> find(String address, String engine) {
    String file = file(address, engine);
    Optional<byte[]> onDisk = folder.read(file);
    if (onDisk.isPresent()) {
      Optional<byte[]> opened = open(onDisk.get(), address, engine, "data folder");
      if (opened.isPresent()) {
        return opened;
      }
      folder.remove(file);
    }
    Optional<byte[]> sealed = row(address, engine);
    Optional<byte[]> opened = sealed.flatMap(bytes -> open(bytes, address, engine, "database"));
    opened.ifPresent(code -> folder.write(file, sealed.orElseThrow()));
    return opened;
  }

  @Override
  public void keep(String address, String engine, byte[] code) {
    if (code.length > LARGEST) {
      return;
    }
    byte[] sealed = box.sealBytes(code, context(address, engine)).bytes();
    folder.write(file(address, engine), sealed);
    try {
      if (insert(address, engine, sealed) == 0) {
        keepEarly(address, new Early(engine, sealed));
      }
    } catch (DatabaseException e) {
      LOG.warnf(
          "The compiled code of %s can't be kept in the database: %s", address, e.getMessage());
    }
  }

  /** Stores the code compiled during publication in the database, in the caller's transaction. */
  public void settle(ContentAddress address) {
    Early kept;
    synchronized (early) {
      kept = early.remove(address.hex());
    }
    if (kept != null) {
      insert(address.hex(), kept.engine(), kept.sealed());
    }
  }

  private void keepEarly(String address, Early kept) {
    synchronized (early) {
      early.put(address, kept);
      if (early.size() > MOST_EARLY) {
        early.remove(early.keySet().iterator().next());
      }
    }
  }

  private int insert(String address, String engine, byte[] sealed) {
    return sql.statement(KEEP)
        .with("address", address)
        .with("engine", engine)
        .with("sealed", sealed)
        .update();
  }

  private Optional<byte[]> row(String address, String engine) {
    try {
      return sql.statement(FIND)
          .with("address", address)
          .with("engine", engine)
          .first(row -> row.bytes("sealed"));
    } catch (DatabaseException e) {
      LOG.warnf(
          "The compiled code of %s can't be read from the database: %s", address, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<byte[]> open(byte[] sealed, String address, String engine, String where) {
    try {
      return Optional.of(box.openBytes(new Sealed(sealed), context(address, engine)));
    } catch (SealBrokenException e) {
      LOG.warnf(
          "The compiled code of %s in the %s is not used: %s", address, where, e.getMessage());
      return Optional.empty();
    }
  }

  private static String context(String address, String engine) {
    return "servlet code " + address + " " + engine;
  }

  /** A file name for each engine, so that two versions can share a folder. */
  private static String file(String address, String engine) {
    String version =
        ContentAddress.of(engine.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12);
    return address + "." + version;
  }
}
