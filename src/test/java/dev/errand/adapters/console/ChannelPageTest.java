package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Settings;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithMail;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of a channel of e-mail, whose recipient is asked by a real SMTP server. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ChannelPageTest.Here.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ChannelPageTest {
  private static final String PROFILE = "/api/profiles/~/console-channels";
  private static final String HOME = "/console/admin/console-channels";

  /** A service with mail that leads to where the browser of the test is. */
  public static final class Here implements Settings {
    @Override
    public Map<String, String> start() {
      Map<String, String> overrides = new HashMap<>(new WithMail().start());
      String port = Integer.toString(WithMail.freePort());
      overrides.put("quarkus.http.test-port", port);
      overrides.put("errand.url", "http://localhost:" + port);
      return overrides;
    }
  }

  @Inject Sql sql;

  private final GreenMail server =
      new GreenMail(
          new ServerSetup(
              ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class),
              "127.0.0.1",
              ServerSetup.PROTOCOL_SMTP));
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void start() {
    sql.statement("DELETE FROM channel_confirmation").run();
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.start();
  }

  @AfterEach
  void tidyUp() {
    server.stop();
    api().delete(PROFILE).then().statusCode(204);
  }

  @Test
  void aRecipientIsAskedAndAskedAgain() {
    Page form = admin.open(HOME + "/new-channel");
    assertEquals("email", form.one("[name=kind] [selected]").val());
    Page made = admin.send(form, "#channel", Map.of("name", "mail", "address", "ada@example.org"));
    assertEquals(HOME + "/channels/mail", made.path());
    assertEquals("unconfirmed", made.one("dd .status").text());
    assertTrue(made.text().contains("has not confirmed yet"), made.text());
    assertEquals(1, server.getReceivedMessages().length);
    api()
        .body("{\"events\": [\"run.error\"], \"channel\": \"mail\"}")
        .put(PROFILE + "/notices/errors")
        .then()
        .statusCode(201);
    assertTrue(admin.open(HOME + "/notices/errors").text().contains("has not confirmed yet"));

    Page asked = admin.send(made, "#ask", Map.of());
    assertEquals(HOME + "/channels/mail", asked.path());
    assertEquals(2, server.getReceivedMessages().length);
    admin.send(made, "#ask", Map.of());
    Page often = admin.send(made, "#ask", Map.of());
    assertEquals(429, often.status());
    assertTrue(often.has("main > .message[role=alert]"), often.text());
    sql.statement("DELETE FROM channel_confirmation").run();
    server.stop();
    Page unreachable = admin.send(made, "#ask", Map.of());
    assertTrue(
        unreachable.one("[role=alert]").text().contains("The mail server can't be reached"),
        unreachable.text());

    sql.statement(
            """
            UPDATE channel SET confirmed_at = now(), failed_at = now(), failure = 'It was down.'
            WHERE name = 'mail'
            """)
        .run();
    Page confirmed = admin.open(HOME + "/channels/mail");
    assertTrue(confirmed.one("dl").text().contains("Last error It was down."), confirmed.text());
    assertEquals("confirmed", confirmed.one("dd .status").text());
    assertFalse(confirmed.has("#ask"));
    assertEquals(409, admin.send(made, "#ask", Map.of()).status());
  }
}
