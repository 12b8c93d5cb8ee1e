package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.make;
import static dev.errand.automation.trigger.Hooks.post;
import static dev.errand.automation.trigger.Hooks.run;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.secret.Hmac;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers that start runs for some deliveries: those that meet a condition. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FilteredDeliveryTest {
  private static final String SECRET = "a-secret-of-the-sender";
  private static final String RUNS = TASKS + "/filtered/runs";
  private static final String TRIGGER = TASKS + "/filtered/triggers/hook";

  /** A push to a branch, as GitHub sends it, shortened. */
  private static final String PUSH =
      """
      {"ref": "refs/heads/%s", "before": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
       "after": "0000000000000000000000000000000000000000", "created": false, "forced": false,
       "repository": {"id": 186853002, "full_name": "Codertocat/Hello-World", "private": false},
       "pusher": {"name": "Codertocat", "email": "21031067+Codertocat@users.noreply.github.com"},
       "commits": [{"id": "c441029cf673f84c8b7db52d0a5944ee5c52ff89", "modified": ["README.md"]}]}""";

  private static final String ISSUE =
      """
      {"action": "opened", "issue": {"number": 1, "title": "Spelling error", "labels": []},
       "repository": {"full_name": "Codertocat/Hello-World"}, "sender": {"login": "Codertocat"}}""";

  private static final String STRIPE =
      """
      {"id": "%s", "object": "event", "api_version": "2019-02-19", "type": "%s",
       "data": {"object": {"id": "in_1", "object": "invoice", "amount_due": %d, "currency": "eur"}}}""";

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    model.script(request -> say("Fine."));
    register("filtered", "Event {{ @headers.x-github-event }}: {{ @payload }}", model);
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASKS + "/filtered?force=true").then().statusCode(204);
    model.close();
  }

  private static String hook(String scheme, String when, List<String> headers) {
    return make("filtered", "hook", scheme, secrets(scheme), filter(when, headers))
        .then()
        .statusCode(201)
        .body("when", equalTo(when))
        .extract()
        .path("url");
  }

  private static List<String> secrets(String scheme) {
    return scheme.equals("url") ? List.of() : List.of(SECRET);
  }

  private static Map<String, Object> filter(String when, List<String> headers) {
    return Map.of("when", when, "headers", headers);
  }

  private static Map<String, String> github(String event, String body) {
    Map<String, String> fields = new HashMap<>();
    fields.put("X-Hub-Signature-256", "sha256=" + hex(body));
    fields.put("X-GitHub-Event", event);
    fields.put("X-GitHub-Hook-ID", "292430182");
    return fields;
  }

  private static String hex(String body) {
    return HexFormat.of()
        .formatHex(
            Hmac.sha256(
                SECRET.getBytes(StandardCharsets.UTF_8), body.getBytes(StandardCharsets.UTF_8)));
  }

  private static void filtered(Response answer, String why) {
    answer
        .then()
        .statusCode(200)
        .body("status", equalTo("filtered"))
        .body("message", containsString("nothing was started"))
        .body("message", not(containsString("absent")));
    api()
        .get(TRIGGER + "/deliveries")
        .then()
        .body("[0].verdict", equalTo("filtered"))
        .body("[0].code", nullValue())
        .body("[0].message", containsString(why))
        .body("[0].run", nullValue())
        .body("[0].replayable", equalTo(true));
  }

  private static String prompt(String run) {
    return api().get(RUNS + "/" + run).path("results[0].exchange.content");
  }

  @Test
  void onlyPushesToTheMainBranchStartRuns() {
    String url = hook("github", "event == 'push' && payload.ref == 'refs/heads/main'", List.of());
    String main = PUSH.formatted("main");
    String other = PUSH.formatted("other");
    filtered(json(url, other, github("push", other)), "is false");
    filtered(json(url, ISSUE, github("issues", ISSUE)), "is false");
    String ping = "{\"zen\": \"Keep it logically awesome.\", \"hook_id\": 1}";
    filtered(json(url, ping, github("ping", ping)), "is false");
    api().get(RUNS).then().body("$", hasSize(0));
    String run = run(json(url, main, github("push", main)));
    // It names no header field for prompts.
    assertEquals("Event : " + main, prompt(run));
    api()
        .get(TRIGGER + "/deliveries")
        .then()
        .body("verdict[0]", equalTo("started"))
        .body("event", contains("push", "ping", "issues", "push"));
    // A form that wraps the same is the same.
    String form = "payload=" + URLEncoder.encode(main, StandardCharsets.UTF_8);
    run(
        post(
            url,
            "application/x-www-form-urlencoded",
            form.getBytes(StandardCharsets.UTF_8),
            github("push", form)));
  }

  @Test
  void headerFieldsThatTheTriggerNamesAreForTheConditionAndThePrompt() {
    String url =
        hook(
            "github",
            "headers['x-github-event'] == 'issues' && headers['x-github-hook-id'].startsWith('29')",
            List.of("X-GitHub-Event", "X-GitHub-Hook-ID", "x-github-event"));
    api().get(TRIGGER).then().body("headers", contains("x-github-event", "x-github-hook-id"));
    assertEquals("Event issues: " + ISSUE, prompt(run(json(url, ISSUE, github("issues", ISSUE)))));
    Map<String, String> without = github("issues", ISSUE);
    without.remove("X-GitHub-Hook-ID");
    filtered(json(url, ISSUE, without), "can't be evaluated: 'x-github-hook-id' is absent");
  }

  @Test
  void stripeEventsAreKnownByTheirType() {
    String url =
        hook(
            "stripe",
            "event == 'invoice.paid' && payload.data.object.amount_due > 1000",
            List.of());
    String paid = STRIPE.formatted("evt_1", "invoice.paid", 2000);
    String cheap = STRIPE.formatted("evt_2", "invoice.paid", 5);
    String failed = STRIPE.formatted("evt_3", "invoice.payment_failed", 2000);
    filtered(stripe(url, cheap), "is false");
    filtered(stripe(url, failed), "is false");
    assertEquals("evt_1", run(stripe(url, paid)));
    api().get(RUNS).then().body("name", contains("evt_1"));
    api()
        .get(TRIGGER + "/deliveries")
        .then()
        .body("event", contains("invoice.paid", "invoice.payment_failed", "invoice.paid"));
  }

  private static Response stripe(String url, String body) {
    long now = Instant.now().getEpochSecond();
    return json(url, body, Map.of("Stripe-Signature", "t=" + now + ",v1=" + hex(now + "." + body)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json|{\"type\": \"a\"}|event == 'a' && payload.type == 'a'",
        "application/json|[1, 2]|event == '' && size(payload) == 2",
        "text/plain|build 7 failed|payload.contains('failed')",
        "application/x-www-form-urlencoded|state=failed&n=1|payload.state == 'failed'",
        "application/cloudevents+json|{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/s\","
            + " \"type\": \"com.example.made\", \"data\": {\"n\": 1}}|event == 'com.example.made' &&"
            + " payload.n == 1",
        "application/cloudevents+json|{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/s\","
            + " \"type\": \"t\", \"data\": [{\"a\": 1}]}|payload[0].a == 1",
        "application/cloudevents+json|{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/s\","
            + " \"type\": \"t\", \"data\": {}}|!has(payload.x)"
      })
  void thePayloadIsJsonTheFieldsOfAFormOrAText(String type, String body, String when) {
    String url = hook("url", when, List.of());
    run(post(url, type, body));
    make("filtered", "hook", "url", List.of(), filter("!(" + when + ")", List.of()))
        .then()
        .statusCode(200);
    filtered(post(url, type, body), "is false");
  }

  @Test
  void aConditionThatCannotBeEvaluatedStartsNothing() {
    String url = hook("url", "payload.a.b > 1", List.of());
    filtered(json(url, "{\"a\": {}}", Map.of()), "can't be evaluated: 'b' is absent");
    filtered(json(url, "{\"a\": {\"b\": \"secret\"}}", Map.of()), "can't be evaluated: ");
    filtered(json(url, "not JSON", Map.of()), "can't be evaluated: ");
    make(
            "filtered",
            "hook",
            "url",
            List.of(),
            filter("payload.a.all(x, payload.a.all(y, x <= y || y <= x))", List.of()))
        .then()
        .statusCode(200);
    filtered(
        json(url, "{\"a\": " + IntStream.range(0, 5000).boxed().toList() + "}", Map.of()),
        "it takes too many steps");
    api().get(RUNS).then().body("$", empty());
  }

  @Test
  void aFilteredDeliveryIsReplayedWhateverTheConditionSays() {
    String url = hook("github", "event == 'push'", List.of("X-GitHub-Event"));
    filtered(json(url, ISSUE, github("issues", ISSUE)), "is false");
    int id = api().get(TRIGGER + "/deliveries").path("[0].id");
    String run =
        api()
            .post(TRIGGER + "/deliveries/" + id + "/replay")
            .then()
            .statusCode(202)
            .extract()
            .path("run");
    assertEquals("Event issues: " + ISSUE, prompt(run));
    api()
        .get(TRIGGER + "/deliveries")
        .then()
        .body("[0].verdict", equalTo("started"))
        .body("[0].replay_of", equalTo(id));
  }

  @Test
  void whatIsLeftOutPushesNothingElseOutOfTheList() {
    String url = hook("url", "event == 'wanted'", List.of());
    run(json(url, "{\"type\": \"wanted\"}", Map.of()));
    for (int i = 0; i <= TriggerDeliveryLog.KEPT; i++) {
      json(url, "{\"type\": \"noise\"}", Map.of()).then().statusCode(200);
    }
    List<String> verdicts = api().get(TRIGGER + "/deliveries").path("verdict");
    assertEquals(TriggerDeliveryLog.KEPT + 1, verdicts.size());
    assertEquals("started", verdicts.getLast());
  }

  @Test
  void aConditionIsCheckedWhenItIsSet() {
    refused("event ==", List.of(), "when", "line 1, column");
    refused("even == 'a'", List.of(), "when", "line 1, column 1: undeclared reference to 'even'");
    refused("1 + 1", List.of(), "when", "is no condition in CEL over event, payload, headers");
    refused("a".repeat(4001), List.of(), "when", "at most 4000 characters");
    refused("headers['x-a'] == 'a'", List.of(), "when", "name them in the field headers");
    refused("true", List.of("not a name"), "headers[0]", "name of a header field");
    refused("true", List.of("a".repeat(65)), "headers[0]", "name of a header field");
    api().get(TRIGGER).then().statusCode(404);
    make("filtered", "hook", "url", List.of()).then().body("when", nullValue());
    make("filtered", "hook", "url", List.of(), filter(" ", List.of("X-B", "X-A", "x-b")))
        .then()
        .body("when", nullValue())
        .body("headers", contains("x-a", "x-b"));
    make("filtered", "hook", "url", List.of()).then().body("headers", empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "X-Hub-Signature-256",
        "X-Hub-Signature",
        "Stripe-Signature",
        "X-Slack-Signature",
        "webhook-signature",
        "svix-signature",
        "X-Gitlab-Token",
        "X-Api-Key",
        "ApiKey",
        "X-Amz-Security-Token",
        "X-Auth-Key",
        "X-Client-Secret",
        "X-Password",
        "api_key",
        "X_API_KEY",
        "access_key",
        "X-Auth",
        "X-Basic-Auth",
        "X-Functions-Key",
        "X-Webhook-Key",
        "Ocp-Apim-Subscription-Key",
        "X-Passphrase",
        "X-Shopify-Hmac-Sha256",
        "X-Hub-Sig",
        "X_SSL_Cert",
        "Key"
      })
  void noSecretIsPassedOn(String name) {
    refused("true", List.of("X-Fine", name), "headers[1]", "carries a secret or a signature");
  }

  @Test
  void fieldsWhoseNamesOnlySoundLikeSecretsArePassedOn() {
    List<String> names =
        List.of("idempotency-key", "x-author", "x-event-key", "x-keyword", "x-sign", "x_monkey");
    make("filtered", "hook", "url", List.of(), filter("true", names))
        .then()
        .statusCode(201)
        .body("headers", equalTo(names));
  }

  private static void refused(String when, List<String> headers, String field, String why) {
    problem(make("filtered", "hook", "url", List.of(), filter(when, headers)), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field))
        .body("errors[0].message", containsString(why));
  }
}
