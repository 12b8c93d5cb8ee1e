package dev.errand.base.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.secret.reseal.ResealStatus;
import dev.errand.base.secret.reseal.Resealing;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of keys that may be dropped, also where one was dropped too early. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ResealingTest {
  private static final String OTHER = Base64.getEncoder().encodeToString(new byte[32]);

  @Inject Sql sql;

  @ConfigProperty(name = "errand.secret.key")
  String key;

  private Resealing with(String newest, List<String> previous) {
    return new Resealing(sql, new SecretBox(newest, previous), Clock.systemUTC());
  }

  @BeforeEach
  void nobodyHasBegun() {
    sql.statement("DELETE FROM resealing").run();
  }

  @AfterEach
  void sealAsBefore() {
    Resealing back = with(key, List.of(OTHER));
    back.start();
    back.runOnce(Duration.ofMinutes(1));
    sql.statement("DELETE FROM resealing").run();
  }

  @Test
  void aKeyThatWasDroppedTooEarlyIsNotSaidToBeOfNoUse() {
    Resealing tooEarly = with(OTHER, List.of());
    ResealStatus before = tooEarly.status();
    assertFalse(before.mayDropPreviousKeys());
    assertTrue(before.failed() > 0 && before.failed() == before.total(), before.toString());
    tooEarly.start();
    tooEarly.runOnce(Duration.ofMinutes(1));
    ResealStatus after = tooEarly.status();
    assertNotNull(after.finishedAt());
    assertEquals(before.failed(), after.failed());
    assertFalse(after.mayDropPreviousKeys());
    assertThrows(
        IllegalStateException.class,
        () -> new SigningKeys(sql, new SecretBox(OTHER, List.of())).load());

    Resealing named = with(OTHER, List.of(key));
    assertEquals(0, named.status().failed());
    named.start();
    named.runOnce(Duration.ofMinutes(1));
    assertTrue(named.status().mayDropPreviousKeys(), named.status().toString());
    assertEquals(named.status().total(), named.status().done());
    assertTrue(tooEarly.status().mayDropPreviousKeys());
  }
}
