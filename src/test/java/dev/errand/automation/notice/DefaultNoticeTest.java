package dev.errand.automation.notice;

import static dev.errand.support.Api.api;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.identity.user.EmailVerified;
import dev.errand.support.Settings;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Where the service sends e-mail, a new profile tells its owner of failures that go on and of tool
 * calls that wait for a person.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(
    value = DefaultNoticeTest.WithMail.class,
    scope = TestResourceScope.MATCHING_RESOURCES)
class DefaultNoticeTest {
  private static final String NOTICE = "/api/profiles/~/fresh/notices/failures";

  @Inject Event<EmailVerified> verified;
  @Inject Sql sql;

  /** The operator has set up e-mail. */
  public static final class WithMail implements Settings {
    @Override
    public Map<String, String> start() {
      return Map.of(
          "errand.mail.from", "errand@example.org", "errand.url", "https://errand.example.org");
    }
  }

  @AfterEach
  void tidyUp() {
    api().delete("/api/profiles/~/fresh");
    sql.statement(
            "UPDATE account SET email = NULL, email_verified = false WHERE username = 'admin'")
        .run();
  }

  @Test
  void aNewProfileTellsItsOwner() {
    verify();
    create();
    api()
        .get(NOTICE)
        .then()
        .statusCode(200)
        .body("channel", equalTo("owner"))
        .body("state", equalTo("ready"))
        .body("errors_in_a_row", equalTo(3))
        .body(
            "events",
            equalTo(
                List.of(
                    "run.errors_in_a_row",
                    "run.recovered",
                    "schedule.paused",
                    "trigger.failing",
                    "trigger.recovered",
                    "credential.failing",
                    "approval.requested",
                    "approval.expiring",
                    "approval.expired",
                    "budget.warning",
                    "budget.exceeded")));
    assertEquals(List.of("email example.org"), channels());
    assertTrue(audited().contains("notice.created notices/admin/fresh/failures"));
    assertTrue(audited().contains("channel.created channels/admin/fresh/owner"));
  }

  @Test
  void theProfileOfTheFirstStartTellsItsOwner() {
    api()
        .get("/api/profiles/~/default/notices/failures")
        .then()
        .statusCode(200)
        .body("channel", equalTo("owner"));
  }

  @Test
  void anAddressThatIsVerifiedLaterIsToldFromThenOn() {
    create();
    api().get(NOTICE).then().body("state", equalTo("channel_missing"));
    UUID account = verify();
    QuarkusTransaction.requiringNew().run(() -> verified.fire(new EmailVerified(account)));
    api().get(NOTICE).then().body("state", equalTo("ready"));
    QuarkusTransaction.requiringNew().run(() -> verified.fire(new EmailVerified(account)));
    assertEquals(List.of("email example.org"), channels());
  }

  @Test
  void theChannelGetsAnAddressThatIsVerifiedInstead() {
    UUID account = verify();
    create();
    sql.statement("UPDATE account SET email = 'admin@example.net' WHERE username = 'admin'").run();
    QuarkusTransaction.requiringNew().run(() -> verified.fire(new EmailVerified(account)));
    assertEquals(List.of("email example.net"), channels());
    assertTrue(audited().contains("channel.changed channels/admin/fresh/owner"));
    api()
        .get("/api/profiles/~/fresh/channels/owner")
        .then()
        .body("to", equalTo("admin@example.net"))
        .body("confirmed", equalTo(true));
    // One that somebody has replaced is theirs.
    api()
        .body("{\"kind\": \"email\", \"to\": \"admin@example.net\"}")
        .put("/api/profiles/~/fresh/channels/owner")
        .then()
        .statusCode(200);
    verify();
    QuarkusTransaction.requiringNew().run(() -> verified.fire(new EmailVerified(account)));
    assertEquals(List.of("email example.net"), channels());
  }

  @Test
  void anAddressThatNoMailCanHaveIsSkipped() {
    sql.statement(
            """
            UPDATE account SET email = 'a@example.org>,<b@example.org', email_verified = true
            WHERE username = 'admin'
            """)
        .run();
    create();
    assertEquals(List.of(), channels());
  }

  private UUID verify() {
    return sql.statement(
            """
            UPDATE account SET email = 'Admin@example.org', email_verified = true
            WHERE username = 'admin' RETURNING id
            """)
        .one(row -> row.id("id"));
  }

  private static void create() {
    api().body("{}").post("/api/profiles/~/fresh").then().statusCode(201);
  }

  private List<String> audited() {
    return sql.statement(
            """
            SELECT DISTINCT action || ' ' || object AS line FROM audit
            WHERE actor = 'admin' AND object ~ '^(notices|channels)/admin/fresh/'
            """)
        .list(row -> row.text("line"));
  }

  private List<String> channels() {
    return sql.statement(
            """
            SELECT kind || ' ' || address_hint AS channel FROM channel
            WHERE profile_id = (SELECT id FROM profile WHERE name = 'fresh')
            """)
        .list(row -> row.text("channel"));
  }
}
