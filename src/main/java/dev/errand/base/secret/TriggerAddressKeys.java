package dev.errand.base.secret;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs the addresses of triggers, so that they are recognised without being stored. Its keys are
 * stored in the database, sealed, and survive a change of the master key: addresses stay valid.
 */
@ApplicationScoped
public class TriggerAddressKeys {
  private static final String PURPOSE = "trigger-address";
  private static final String CONTEXT = "signing-key/" + PURPOSE;
  private static final int BYTES = 32;

  private static final String FIND = "SELECT sealed FROM signing_key WHERE purpose = :purpose";

  private static final String ADD =
      """
      INSERT INTO signing_key (purpose, sealed) VALUES (:purpose, :sealed)
      ON CONFLICT DO NOTHING
      """;

  private final Sql sql;
  private final SecretBox box;
  private volatile @Nullable List<byte[]> loaded;

  TriggerAddressKeys(Sql sql, SecretBox box) {
    this.sql = sql;
    this.box = box;
  }

  /**
   * Reads the keys, or creates them where the database has none: they are derived from the master
   * keys, with which addresses were signed before the keys were stored.
   *
   * @throws IllegalStateException when the master key does not open them
   */
  public void load() {
    try {
      loadOrMake();
    } catch (SealBrokenException e) {
      throw MasterKeyCheck.wrongKey(e);
    }
  }

  private void loadOrMake() {
    if (find().isEmpty()) {
      sql.statement(ADD)
          .with("purpose", PURPOSE)
          .with("sealed", box.sealBytes(joined(box.derived(PURPOSE)), CONTEXT).bytes())
          .run();
    }
    loaded = find();
  }

  private List<byte[]> find() {
    return sql.statement(FIND)
        .with("purpose", PURPOSE)
        .first(row -> parts(box.openBytes(new Sealed(row.bytes("sealed")), CONTEXT)))
        .orElse(List.of());
  }

  /**
   * Signs the id of a trigger.
   *
   * @return 32 bytes
   */
  public byte[] sign(byte[] signed) {
    return Hmac.sha256(keys().getFirst(), signed);
  }

  /**
   * A key for another purpose, which stays as long as these: neither follows from the other.
   *
   * @param purpose its name, which is no id
   */
  public byte[] derived(String purpose) {
    return sign(("errand/" + purpose).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a signature was made by {@link #sign}, under any of the keys. */
  public boolean isSigned(byte[] signed, byte[] signature) {
    boolean found = false;
    for (byte[] key : keys()) {
      found |= MessageDigest.isEqual(Hmac.sha256(key, signed), signature);
    }
    return found;
  }

  private List<byte[]> keys() {
    List<byte[]> keys = loaded;
    if (keys == null) {
      throw new IllegalStateException("The signing keys are read at the start.");
    }
    return keys;
  }

  private static byte[] joined(List<byte[]> keys) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    keys.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static List<byte[]> parts(byte[] all) {
    List<byte[]> keys = new ArrayList<>();
    for (int from = 0; from < all.length; from += BYTES) {
      keys.add(Arrays.copyOfRange(all, from, from + BYTES));
    }
    return keys;
  }
}
