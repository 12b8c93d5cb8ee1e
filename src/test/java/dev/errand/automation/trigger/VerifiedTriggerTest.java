package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.make;
import static dev.errand.automation.trigger.Hooks.post;
import static dev.errand.automation.trigger.Hooks.run;
import static dev.errand.automation.trigger.Hooks.url;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class VerifiedTriggerTest {
  private static final String SECRET = "a-secret-of-the-sender";
  private static final String TRIGGERS = TASKS + "/verified/triggers";
  private static final String RUNS = TASKS + "/verified/runs";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    register("verified", "Look at {{ @payload }}", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/verified?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aGeneratedStandardSecretIsShownOnceAndVerifies() throws SQLException {
    Response made = make("verified", "std", "standard-webhooks", List.of());
    made.then().statusCode(201).body("secrets", hasSize(1)).body("tolerance", equalTo("PT5M"));
    String text = made.path("secrets[0]");
    String url = made.path("url");
    assertEquals(List.of("…" + text.substring(text.length() - 4)), made.path("secret_hints"));
    api().get(TRIGGERS + "/std").then().body("$", not(hasKey("secrets")));
    make("verified", "std", "standard-webhooks", List.of(), Map.of("tolerance", "1 minute"))
        .then()
        .statusCode(200)
        .body("$", not(hasKey("secrets")))
        .body("url", equalTo(url))
        .body("tolerance", equalTo("PT1M"));

    WebhookSecret secret = WebhookSecret.parse(text);
    String body = "{\"test\": \"名前 🎉\"}";
    assertEquals("msg_1", run(json(url, body, standard(secret, "msg_1", Instant.now(), body))));
    String seen =
        api()
            .get(RUNS + "/msg_1")
            .then()
            .body("parameters.test", equalTo("名前 🎉"))
            .body("trigger.scheme", equalTo("standard-webhooks"))
            .body("results[0].exchange.content", equalTo("Look at " + body))
            .extract()
            .asString();
    assertFalse(seen.contains(text));
    assertFalse(sealed("std").contains(text.substring(6)));
  }

  @Test
  void refusedDeliveriesStartNothingAndGetTheReason() {
    WebhookSecret secret = WebhookSecret.generate();
    String url = url("verified", "std", "standard-webhooks", List.of(secret.open().value()));
    Instant now = Instant.now();

    refused(json(url, "{}", Map.of()), "webhook-id");
    refused(json(url, "{}", standard(WebhookSecret.generate(), "m", now, "{}")), "signature");
    refused(json(url, "{} ", standard(secret, "m", now, "{}")), "signature");
    refused(
        json(url, "{}", standard(secret, "m", now.minusSeconds(301), "{}")), "5 minutes from now");
    refused(
        json(url, "{}", standard(secret, "m", now.plusSeconds(3600), "{}")), "5 minutes from now");
    refused(json(url, "{\"webhook-id\":\"m\"}", Map.of("Cookie", "sessionId=x")), "webhook-id");
    api().get(RUNS).then().body("$", hasSize(0));
    assertEquals("m", run(json(url, "{}", standard(secret, "m", now.minusSeconds(200), "{}"))));
  }

  @Test
  void aDeliveryThatIsCapturedAndSentAgainStartsNothingMore() {
    WebhookSecret secret = WebhookSecret.generate();
    String url = url("verified", "std", "standard-webhooks", List.of(secret.open().value()));
    Map<String, String> fields = standard(secret, "once", Instant.now(), "{}");
    run(json(url, "{}", fields));

    fields.put("run-id", "twice");
    fields.put("Idempotency-Key", "thrice");
    assertEquals("once", run(json(url, "{}", fields)));
    api().get(RUNS).then().body("$", hasSize(1));
  }

  @Test
  void severalSecretsHoldWhileOneIsReplaced() {
    WebhookSecret former = WebhookSecret.generate();
    WebhookSecret newer = WebhookSecret.generate();
    String url = url("verified", "std", "standard-webhooks", List.of(former.open().value()));
    Instant now = Instant.now();
    refused(json(url, "{}", standard(newer, "n", now, "{}")), "signature");

    make("verified", "std", "standard-webhooks", texts(newer, former))
        .then()
        .statusCode(200)
        .body("secret_hints", hasSize(2));
    run(json(url, "{}", standard(former, "f", now, "{}")));
    run(json(url, "{}", standard(newer, "n", now, "{}")));

    make("verified", "std", "standard-webhooks", texts(newer)).then().statusCode(200);
    refused(json(url, "{}", standard(former, "f2", now, "{}")), "signature");
    run(json(url, "{}", standard(newer, "n2", now, "{}")));
  }

  @Test
  void githubIsVerifiedAndNamesTheRunByItsDelivery() {
    String url = url("verified", "gh", "github", List.of(SECRET));
    String body = "{\"action\":\"opened\",\"issue\":{\"number\":1}}";
    Map<String, String> fields =
        Map.of(
            "X-Hub-Signature-256", "sha256=" + hex(SECRET, body),
            "X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958",
            "X-GitHub-Event", "issues");
    assertEquals("72d3162e-cc78-11e3-81ab-4c9367dc0958", run(json(url, body, fields)));

    String form = "payload=" + "%7B%22action%22%3A%22closed%22%7D";
    run(
        post(
            url,
            FORM,
            form.getBytes(StandardCharsets.UTF_8),
            Map.of(
                "X-Hub-Signature-256",
                "sha256=" + hex(SECRET, form),
                "X-GitHub-Delivery",
                "form")));
    api()
        .get(RUNS + "/form")
        .then()
        .body("parameters.action", equalTo("closed"))
        .body("results[0].exchange.content", equalTo("Look at {\"action\":\"closed\"}"));
    refused(json(url, body + " ", fields), "signature");
    refused(json(url, body, Map.of("X-Hub-Signature", "sha1=" + hex(SECRET, body))), "256");
  }

  @Test
  void stripeIsVerifiedAndNamesTheRunByItsEvent() {
    String url = url("verified", "pay", "stripe", List.of("whsec_of_stripe_1234"));
    String body = "{\n  \"id\": \"evt_1NG8Du2eZvKYlo2CUI79vXWy\",\n  \"object\": \"event\"\n}";
    long now = Instant.now().getEpochSecond();
    String code = hex("whsec_of_stripe_1234", now + "." + body);

    for (String header : List.of("t=%d,v1=%s,v0=00", "t=%d,v1=00,v1=%s")) {
      assertEquals(
          "evt_1NG8Du2eZvKYlo2CUI79vXWy",
          run(json(url, body, Map.of("Stripe-Signature", header.formatted(now, code)))));
    }
    api().get(RUNS).then().body("$", hasSize(1));
    refused(json(url, body, Map.of("Stripe-Signature", "t=" + now + ",v0=" + code)), "signature");
    problem(make("verified", "pay2", "stripe", List.of()), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("secrets"));
  }

  @Test
  void slackIsVerifiedAnswersItsChallengeAndNamesTheRunByItsEvent() {
    String url = url("verified", "chat", "slack", List.of(SECRET));
    String challenge = "{\"token\":\"x\",\"challenge\":\"3eZbrw1a\",\"type\":\"url_verification\"}";
    json(url, challenge, slack(challenge))
        .then()
        .statusCode(200)
        .body("$", equalTo(Map.of("challenge", "3eZbrw1a")));
    refused(json(url, challenge, Map.of()), "x-slack-request-timestamp");
    api().get(RUNS).then().body("$", hasSize(0));

    String event = "{\"type\":\"event_callback\",\"event_id\":\"Ev0LAN670R\"}";
    assertEquals("Ev0LAN670R", run(json(url, event, slack(event))));
    String command = "command=%2Fweather&text=94070&trigger_id=1.2.a";
    String name = run(post(url, FORM, command.getBytes(StandardCharsets.UTF_8), slack(command)));
    api().get(RUNS + "/" + name).then().body("parameters.text", equalTo("94070"));
    api()
        .get(TRIGGERS + "/chat/deliveries")
        .then()
        .body("verdict", equalTo(List.of("started", "started", "refused", "challenged")))
        .body("replayable", equalTo(List.of(true, true, false, false)));
  }

  private static Response refused(Response answer, String told) {
    problem(answer, 401, "signature_refused")
        .then()
        .header("WWW-Authenticate", notNullValue())
        .body("detail", containsString(told))
        .body("detail", not(containsString(SECRET)));
    return answer;
  }

  private static Map<String, String> standard(
      WebhookSecret secret, String id, Instant at, String body) {
    return new HashMap<>(
        Map.of(
            "webhook-id", id,
            "webhook-timestamp", Long.toString(at.getEpochSecond()),
            "webhook-signature", secret.sign(id, at, body.getBytes(StandardCharsets.UTF_8))));
  }

  private static Map<String, String> slack(String body) {
    long now = Instant.now().getEpochSecond();
    return Map.of(
        "X-Slack-Request-Timestamp",
        Long.toString(now),
        "X-Slack-Signature",
        "v0=" + hex(SECRET, "v0:" + now + ":" + body));
  }

  private static String hex(String secret, String text) {
    return HexFormat.of()
        .formatHex(
            Hmac.sha256(
                secret.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(WebhookSecret... secrets) {
    return Stream.of(secrets).map(secret -> secret.open().value()).toList();
  }

  private String sealed(String name) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("SELECT secrets_sealed FROM task_trigger WHERE name = ?")) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new String(row.getBytes(1), StandardCharsets.ISO_8859_1);
      }
    }
  }
}
