package dev.errand.app.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jboss.logging.Logger;

/** The folder of the embedded database and of generated keys. */
public record DataFolder(Path path) {
  private static final Logger LOG = Logger.getLogger(DataFolder.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int SECRET_BYTES = 32;

  /** The folder at that place, created if it does not exist. */
  public static DataFolder of(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(absolute)) {
        Files.createDirectories(absolute);
        Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new StartException(
          "The data folder "
              + absolute
              + " can't be created: make it writable, or set ERRAND_DATA to another one.",
          e);
    }
    return new DataFolder(absolute);
  }

  /**
   * Keeps other processes from this folder until the lock is released or the process ends.
   *
   * @throws StartException when another process uses the folder, or it can't be written
   */
  public FileLock claim() {
    Path file = path.resolve("errand.lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      channel.close();
    } catch (OverlappingFileLockException e) {
      LOG.debugf("%s is locked by this process", file);
    } catch (IOException e) {
      throw new StartException(
          "%s can't be written (%s): make the folder writable, or set ERRAND_DATA to another one."
              .formatted(file, e.getMessage()),
          e);
    }
    throw new StartException(
        ("Another Errand uses the data folder %s: stop it, set ERRAND_DATA to another folder, or"
                + " let both use one database by QUARKUS_DATASOURCE_JDBC_URL.")
            .formatted(path));
  }

  /** The folder of the embedded database's files. */
  Path database() {
    return path.resolve("postgres");
  }

  /** The file of the generated master key, which only its owner may read. */
  public Path masterKeyFile() {
    return path.resolve("secret.key");
  }

  public boolean hasMasterKey() {
    return Files.exists(masterKeyFile());
  }

  /**
   * The generated master key, the base64 of 32 bytes; the same at every start.
   *
   * @throws StartException when the folder has a database but no key, since a second key could not
   *     open what the first one sealed, or when the file holds anything else
   */
  public String masterKey() {
    if (!hasMasterKey() && Files.exists(database().resolve("PG_VERSION"))) {
      throw new StartException(
          ("ERRAND_SECRET_KEY is not set, and %s holds a database but no %s: set the key that it was used with, or put the"
                  + " file back from a backup. A new key could not open its secrets.")
              .formatted(path, masterKeyFile().getFileName()));
    }
    String key = secret(masterKeyFile());
    if (!isKey(key)) {
      throw new StartException(
          "%s must hold the base64 of 32 bytes and nothing else: put it back from a backup."
              .formatted(masterKeyFile()));
    }
    return key;
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == SECRET_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The generated password of the embedded database's superuser; the same at every start. */
  String databasePassword() {
    return secret(databasePasswordFile());
  }

  /** The file of that password, which only its owner may read. */
  Path databasePasswordFile() {
    return path.resolve("postgres.password");
  }

  /** The generated password of the service's role in that database; the same at every start. */
  String servicePassword() {
    return secret(path.resolve("errand.password"));
  }

  private static String secret(Path file) {
    try {
      if (!Files.exists(file)) {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        // Written to a temporary file and moved, so that a crash does not leave a partial secret.
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(
            aside,
            Base64.getEncoder().encodeToString(bytes),
            StandardCharsets.US_ASCII,
            StandardOpenOption.SYNC);
        Files.move(aside, file);
      }
      return Files.readString(file, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new StartException(
          "%s can't be read or created: %s. Check the folder's permissions."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
