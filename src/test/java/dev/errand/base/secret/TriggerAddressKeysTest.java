package dev.errand.base.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that addresses are signed with, and what changing the master key does to them: nothing. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TriggerAddressKeysTest {
  private static final byte[] TEXT = {1, 2, 3};
  private static final String FORMER = key(1);
  private static final String NEWER = key(2);

  @Inject Sql sql;

  private byte[] kept = {};

  private static String key(int first) {
    byte[] key = new byte[32];
    key[0] = (byte) first;
    return Base64.getEncoder().encodeToString(key);
  }

  private TriggerAddressKeys with(String key, List<String> previous) {
    TriggerAddressKeys keys = new TriggerAddressKeys(sql, new SecretBox(key, previous));
    keys.load();
    return keys;
  }

  @BeforeEach
  void empty() {
    kept = sql.statement("SELECT sealed FROM signing_key").one(row -> row.bytes("sealed"));
    sql.statement("DELETE FROM signing_key").run();
  }

  @AfterEach
  void putBack() {
    sql.statement("UPDATE signing_key SET sealed = :sealed").with("sealed", kept).run();
  }

  @Test
  void addressesFromBeforeThereWereKeysStayGood() {
    byte[] former = signatureOf(FORMER);
    byte[] newer = signatureOf(NEWER);
    TriggerAddressKeys keys = with(NEWER, List.of(FORMER));

    assertTrue(keys.isSigned(TEXT, former));
    assertTrue(keys.isSigned(TEXT, newer));
    assertArrayEquals(newer, keys.sign(TEXT));
    assertFalse(keys.isSigned(new byte[] {1, 2}, newer));
    assertFalse(keys.isSigned(TEXT, new byte[0]));
  }

  @Test
  void theKeysStayWhenTheMasterKeyChanges() {
    byte[] signature = with(FORMER, List.of()).sign(TEXT);

    assertArrayEquals(signature, with(NEWER, List.of(FORMER)).sign(TEXT));
    assertThrows(IllegalStateException.class, () -> with(NEWER, List.of()));
  }

  private static byte[] signatureOf(String key) {
    return Hmac.sha256(new SecretBox(key, List.of()).derived("trigger-address").getFirst(), TEXT);
  }
}
