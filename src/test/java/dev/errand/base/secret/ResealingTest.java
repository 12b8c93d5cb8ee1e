package dev.errand.base.secret;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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
  @Inject KeyHolders workers;

  @ConfigProperty(name = "errand.secret.key")
  String key;

  private Resealing with(String newest, List<String> previous) {
    SecretBox box = new SecretBox(newest, previous);
    return new Resealing(sql, box, new FixedHolders(), Clock.systemUTC());
  }

  // The process of this test does not know the other key.
  private static final class FixedHolders implements KeyHolders {
    @Override
    public long lacking(String key) {
      return 0;
    }

    @Override
    public boolean sealOtherwise(List<String> known) {
      return false;
    }
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
        () -> new TriggerAddressKeys(sql, new SecretBox(OTHER, List.of())).load());

    Resealing named = with(OTHER, List.of(key));
    assertEquals(0, named.status().failed());
    named.start();
    named.runOnce(Duration.ofMinutes(1));
    assertTrue(named.status().mayDropPreviousKeys(), named.status().toString());
    assertEquals(named.status().total(), named.status().done());
    assertTrue(tooEarly.status().mayDropPreviousKeys());
  }

  @Test
  void nothingIsResealedThatAWorkerCouldNotOpen() {
    SecretBox box = new SecretBox(OTHER, List.of(key));
    Resealing early = new Resealing(sql, box, workers, Clock.systemUTC());
    early.start();
    early.runOnce(Duration.ofMinutes(1));
    assertNull(early.status().finishedAt());
    assertEquals(0, early.status().done());
    assertEquals(1, early.status().workersWithoutKey());

    Resealing told = with(OTHER, List.of(key));
    told.runOnce(Duration.ofMinutes(1));
    assertTrue(told.status().mayDropPreviousKeys(), told.status().toString());
    assertFalse(early.status().mayDropPreviousKeys(), "a worker would still need the former key");
  }

  @Test
  void aProcessWithoutTheKeyThatOthersSealWithIsNotReady() {
    given().get("/q/health/ready").then().statusCode(200);
    sql.statement(
            """
            INSERT INTO worker_process
              (id, name, version, capacity, busy, started_at, seen_at, master_keys)
            VALUES (gen_random_uuid(), 'ahead', '1', 1, 0, now(), now(), :keys)
            """)
        .with("keys", "text", new SecretBox(OTHER, List.of(key)).keyIds())
        .run();
    try {
      given()
          .get("/q/health/ready")
          .then()
          .statusCode(503)
          .body("checks.find { it.name == 'master key' }.status", equalTo("DOWN"));
    } finally {
      sql.statement("DELETE FROM worker_process WHERE name = 'ahead'").run();
    }
    given().get("/q/health/ready").then().statusCode(200);
  }
}
