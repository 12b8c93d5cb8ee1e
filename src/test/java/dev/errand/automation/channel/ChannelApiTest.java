package dev.errand.automation.channel;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The channels of a profile by the API. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ChannelApiTest {
  private static final String CHANNELS = "/api/profiles/~/default/channels";
  private static final String SLACK = "https://hooks.slack.com/services/T0/B0/a-secret-path";

  @Inject Sql sql;
  @Inject DataSource database;
  @Inject Channels channels;

  private final Receiver receiver = new Receiver();

  @AfterEach
  void tidyUp() {
    List<String> names = api().get(CHANNELS).path("name");
    names.forEach(name -> api().delete(CHANNELS + "/" + name).then().statusCode(204));
    api().delete("/api/profiles/~/default/members/viewer");
    receiver.close();
  }

  private static Response put(String name, String body) {
    return api().body(body).put(CHANNELS + "/" + name);
  }

  private static String slack(String url) {
    return "{\"kind\": \"slack\", \"url\": \"" + url + "\"}";
  }

  @Test
  void aChannelIsCreatedReplacedListedAndDeleted() {
    put("ops", slack(SLACK))
        .then()
        .statusCode(201)
        .body("name", equalTo("ops"))
        .body("kind", equalTo("slack"))
        .body("url", equalTo(SLACK))
        .body("to", nullValue())
        .body("secret", nullValue())
        .body("confirmed", equalTo(true))
        .body("enabled", equalTo(true))
        .body("disabled_at", nullValue());
    put("ops", "{\"kind\": \"slack\", \"url\": \"" + SLACK + "\", \"enabled\": false}")
        .then()
        .statusCode(200)
        .body("enabled", equalTo(false))
        .body("disabled_at", notNullValue());
    api().get(CHANNELS + "/ops").then().statusCode(200).body("enabled", equalTo(false));
    put("ops", slack(SLACK)).then().statusCode(200).body("disabled_at", nullValue());
    put("a", slack(SLACK)).then().statusCode(201);
    api().get(CHANNELS).then().body("name", equalTo(List.of("a", "ops")));
    api().delete(CHANNELS + "/ops").then().statusCode(204);
    problem(api().get(CHANNELS + "/ops"), 404, "channel_not_found");
    problem(api().delete(CHANNELS + "/ops"), 404, "channel_not_found");
    problem(api().post(CHANNELS + "/ops/test"), 404, "channel_not_found");
  }

  @Test
  void addressesAndSecretsAreSealed() {
    put(
            "n",
            "{\"kind\": \"ntfy\", \"url\": \"https://ntfy.example/a-topic\", \"token\": \"tk_0123-abcdefghijk\"}")
        .then()
        .statusCode(201)
        .body("secret_hint", equalTo("…hijk"))
        .body("token", nullValue());
    UUID id = sql.statement("SELECT id FROM channel WHERE name = 'n'").one(row -> row.id("id"));
    OpenChannel opened = channels.open(id).orElseThrow();
    assertEquals("https://ntfy.example/a-topic", opened.address());
    assertEquals("tk_0123-abcdefghijk", opened.secret());
    assertFalse(opened.toString().contains("topic") || opened.toString().contains("tk_"));
    String stored =
        sql.statement("SELECT row_to_json(channel)::text AS line FROM channel WHERE name = 'n'")
            .one(row -> row.text("line"));
    assertFalse(stored.contains("a-topic") || stored.contains("tk_"), stored);
    String audit =
        sql.statement(
                "SELECT string_agg(changes::text, ' ') AS line FROM audit WHERE object = 'channels/admin/default/n'")
            .one(row -> row.text("line"));
    assertFalse(audit.contains("a-topic") || audit.contains("tk_"), audit);
    assertTrue(audit.contains("token"), audit);
    sql.statement("UPDATE channel SET disabled_at = now()").run();
    assertTrue(channels.open(id).isEmpty());
    api().get(CHANNELS + "/n").then().body("enabled", equalTo(false));
  }

  @Test
  void theLastErrorIsShownUntilTheAddressIsAnother() {
    put("ops", slack(SLACK)).then().statusCode(201).body("last_error", nullValue());
    channels.noteFailure(
        channel("id", Row::id), channel("address_digest", Row::bytes), "It is down.");
    put("ops", slack(SLACK)).then().body("last_error.message", equalTo("It is down."));
    channels.noteFailure(channel("id", Row::id), new byte[] {1}, "Another one is down.");
    api().get(CHANNELS + "/ops").then().body("last_error.message", equalTo("It is down."));
    put("ops", slack(SLACK + "2")).then().statusCode(200).body("last_error", nullValue());
  }

  private <T> T channel(String column, BiFunction<Row, String, T> read) {
    return sql.statement("SELECT * FROM channel WHERE name = 'ops'")
        .one(row -> read.apply(row, column));
  }

  @Test
  void viewersSeeNoAddressAndChangeNothing() {
    put("ops", slack(SLACK)).then().statusCode(201);
    OtherUser viewer = OtherUser.named("viewer", database);
    api()
        .body("{\"role\": \"viewer\"}")
        .put("/api/profiles/~/default/members/viewer")
        .then()
        .statusCode(201);
    String theirs = "/api/profiles/admin/default/channels";
    viewer
        .api()
        .get(theirs + "/ops")
        .then()
        .statusCode(200)
        .body("url", equalTo("https://hooks.slack.com"))
        .body("secret_hint", nullValue());
    viewer.api().get(theirs).then().body("[0].url", equalTo("https://hooks.slack.com"));
    problem(viewer.api().body(slack(SLACK)).put(theirs + "/ops"), 403, "role_missing");
    problem(viewer.api().post(theirs + "/ops/test"), 403, "role_missing");
    problem(viewer.api().post(theirs + "/ops/confirmation"), 403, "role_missing");
    problem(viewer.api().delete(theirs + "/ops"), 403, "role_missing");
  }

  @Test
  void aWrongRequestSaysWhatIsWrong() {
    refused("x", "{\"kind\": \"pigeon\", \"url\": \"https://a.example/\"}", "kind: must be one of");
    refused("x", "{\"kind\": \"slack\"}", "url: must be an absolute");
    refused(
        "x", "{\"kind\": \"slack\", \"url\": \"ftp://a.example/\"}", "url: must be an absolute");
    refused("x", "{\"kind\": \"slack\", \"url\": \"https://u:p@a.example/\"}", "no credentials");
    refused("x", "{\"kind\": \"slack\", \"to\": \"a@b.example\"}", "to: is only used by");
    refused("x", "{\"kind\": \"slack\", \"url\": \"https://a.example/\", \"topic\": 1}", "topic");
    refused(
        "x",
        "{\"kind\": \"discord\", \"url\": \"https://a.example/\", \"secret\": \"s\"}",
        "secret: is only used by");
    refused(
        "x",
        "{\"kind\": \"webhook\", \"url\": \"https://a.example/\", \"secret\": \"short\"}",
        "secret: must be whsec_");
    refused("x", "{\"kind\": \"ntfy\", \"url\": \"https://a.example/\"}", "must name a topic");
    refused("x", "{\"kind\": \"ntfy\", \"url\": \"https://a.example/a/b\"}", "must name a topic");
    refused("-x", slack(SLACK), "a channel's name is");
    problem(put("x", slack("http://169.254.169.254/")), 400, "egress_refused");
    problem(put("x", "{\"kind\": \"email\", \"to\": \"ada@example.org\"}"), 409, "mail_off")
        .then()
        .body("detail", containsString("ERRAND_URL, ERRAND_MAIL_FROM"));
    api().get(CHANNELS).then().body("size()", equalTo(0));
  }

  private static void refused(String name, String body, String why) {
    problem(put(name, body), 400, "invalid_input").then().body("detail", containsString(why));
  }

  @Test
  void aNameThatNoChannelCanHaveIsNotFound() {
    String nul = CHANNELS + "/%00";
    problem(api().urlEncodingEnabled(false).get(nul), 404, "channel_not_found");
    problem(api().urlEncodingEnabled(false).delete(nul), 404, "channel_not_found");
    problem(api().urlEncodingEnabled(false).post(nul + "/test"), 404, "channel_not_found");
  }

  @Test
  void aProfileHasTwentyChannels() {
    for (int i = 0; i < 20; i++) {
      put("c" + i, slack(SLACK)).then().statusCode(201);
    }
    problem(put("c20", slack(SLACK)), 409, "too_many_channels");
    put("c19", slack(SLACK)).then().statusCode(200);
  }

  @Test
  void aSecretIsShownOnceAndStaysWithItsServer() {
    String webhook = "{\"kind\": \"webhook\", \"url\": \"https://a.example/%s\"}";
    String made =
        put("w", webhook.formatted("1"))
            .then()
            .statusCode(201)
            .body("secret", startsWith("whsec_"))
            .extract()
            .path("secret");
    put("w", webhook.formatted("2"))
        .then()
        .statusCode(200)
        .body("secret", nullValue())
        .body("secret_hint", equalTo("…" + made.substring(made.length() - 4)));
    put("w", webhook.formatted("2").replace("a.example", "b.example"))
        .then()
        .statusCode(200)
        .body("secret", startsWith("whsec_"))
        .body("secret", not(equalTo(made)));
    String ntfy = "{\"kind\": \"ntfy\", \"url\": \"https://%s.example/t\"%s}";
    put("n", ntfy.formatted("a", ", \"token\": \"tk_0123-abcdefghijk\"")).then().statusCode(201);
    put("n", ntfy.formatted("a", "")).then().body("secret_hint", equalTo("…hijk"));
    refused("n", ntfy.formatted("b", ""), "token: is required");
    put("n", ntfy.formatted("b", ", \"token\": \"\""))
        .then()
        .statusCode(200)
        .body("secret_hint", nullValue());
    problem(api().post(CHANNELS + "/n/confirmation"), 409, "already_confirmed");
  }

  @Test
  void aTestTellsHowItEndedAndIsLimited() {
    put("ops", slack(receiver.url("/services/secret"))).then().statusCode(201);
    receiver.answer(200);
    test("ops").body("accepted", equalTo(true)).body("status", equalTo(200));
    assertTrue(receiver.calls().getFirst().body().contains("Test of the channel ops"));
    receiver.answer(500);
    test("ops")
        .body("accepted", equalTo(false))
        .body("status", equalTo(500))
        .body("error", equalTo("The receiver answered 500."));
    receiver.script(call -> new Receiver.Reply(0, "", ""));
    test("ops")
        .body("accepted", equalTo(false))
        .body("status", nullValue())
        .body("error", not(containsString("secret")));
    Response limited = api().post(CHANNELS + "/ops/test");
    for (int i = 0; i < 20 && limited.statusCode() == 200; i++) {
      limited = api().post(CHANNELS + "/ops/test");
    }
    problem(limited, 429, "rate_limited").then().header("Retry-After", notNullValue());
  }

  @Test
  void testMessagesOfAllProfilesCountInTheHourOfTheAddress() {
    List<String> profiles = List.of("tests-1", "tests-2", "tests-3", "tests-4", "tests-5");
    try {
      Response last = null;
      int sent = 0;
      for (String profile : profiles) {
        String channel = "/api/profiles/~/" + profile + "/channels/ops";
        api().post("/api/profiles/~/" + profile).then().statusCode(201);
        api().body(slack(receiver.url("/hour"))).put(channel).then().statusCode(201);
        for (int i = 0; i < 5; i++) {
          last = api().post(channel + "/test");
          sent += last.statusCode() == 200 ? 1 : 0;
        }
      }
      assertEquals(20, sent);
      problem(Objects.requireNonNull(last), 429, "rate_limited")
          .then()
          .header("Retry-After", notNullValue())
          .body("detail", containsString("in an hour"));
      assertEquals(20, receiver.calls().size());
    } finally {
      profiles.forEach(profile -> api().delete("/api/profiles/~/" + profile));
    }
  }

  private static ValidatableResponse test(String name) {
    return api().post(CHANNELS + "/" + name + "/test").then().statusCode(200);
  }
}
