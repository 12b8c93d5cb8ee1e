package dev.errand.openapi;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.openapi.ApiDocument.Operation;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@code GET} shows, {@code PUT} takes, and nothing changes by it. The document says which
 * resources have both; each of them needs a {@link Put} here.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RoundTripTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String HOME = "/console/admin/default";
  private static final String TASK = TASKS + "/round";
  private static final String INSTALLATION = PROFILE + "/installations/round-config";
  private static final String SECRET = "a-secret-of-a-round-trip";

  private static final Pattern DEFAULT = Pattern.compile("Default: `([^`]*)`\\.$");

  /** What is replaced by other representations than JSON. */
  private static final Set<String> OTHER_MEDIA = Set.of("publishServlet");

  /** What a PUT starts, and nobody changes. */
  private static final Set<String> STARTED = Set.of("putRun");

  /** What a request does not say beside what it does: it excludes that, or is of another kind. */
  private static final Set<String> UNSAID =
      Set.of(
          "putChannel/secret",
          "putChannel/to",
          "putInstallation/address",
          "putInstallation/mcp",
          "putInstallation/name",
          "putInstallation/servlet_slug",
          "putInstallation/settings/filesystem",
          "putInstallation/settings/network",
          "putInstallation/settings/on_change",
          "putInstallation/settings/permissions/filesystem",
          "putOlderTask/anthropic",
          "putOlderTask/openai/response_format",
          "putOlderTask/prompt",
          "putOlderTask/provider",
          "putOlderTask/responses",
          "putProfileProvider/anthropic",
          "putProfileProvider/openai/prompt",
          "putProfileProvider/openai/system",
          "putProfileProvider/responses",
          "putProvider/anthropic",
          "putProvider/openai/prompt",
          "putProvider/openai/system",
          "putProvider/responses",
          "putSchedule/at",
          "putSchedule/every",
          "putTask/anthropic",
          "putTask/openai/response_format",
          "putTask/provider",
          "putTask/responses",
          "putTrigger/name",
          "putUserBudget/task");

  /** The page of the console with the form of each, and the form. */
  private static final Map<String, String> FORMS =
      Map.of(
          "putTask", "/tasks/round/edit #task",
          "putSchedule", "/tasks/round/schedules/new-year/edit #schedule",
          "putTrigger", "/tasks/round/triggers/verified/edit #trigger",
          "putChannel", "/channels/round/edit #channel",
          "putNotice", "/notices/round/edit #notice",
          "putInstallation", "/tools/round-config/edit #install",
          "putProvider", "/settings/providers/own/round #provider",
          "putProfileProvider", "/settings/providers/profile/round #provider");

  /** Which the database keeps sealed, and a round trip must not replace. */
  private static final String SEALED =
      """
      SELECT encode(sha256(key_sealed), 'hex') FROM task WHERE name = 'round' AND deleted_at IS NULL
      UNION ALL SELECT encode(sha256(c.secrets_sealed), 'hex')
        FROM task_callback c JOIN task ON task.id = task_id
        WHERE name = 'round' AND deleted_at IS NULL
      UNION ALL SELECT encode(sha256(t.secrets_sealed), 'hex')
        FROM task_trigger t JOIN task ON task.id = task_id
        WHERE task.name = 'round' AND task.deleted_at IS NULL
      UNION ALL SELECT encode(sha256(key_sealed), 'hex') FROM provider WHERE name = 'round'
      UNION ALL SELECT encode(sha256(address_sealed || secret_sealed), 'hex')
        FROM channel WHERE name = 'round'
      ORDER BY 1
      """;

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  /**
   * A request that sets as much of a resource as can be set.
   *
   * @param address of the resource
   * @param body of the request
   */
  private record Put(String address, String body) {}

  private Map<String, Put> puts() {
    String task =
        """
        {"runner": "openai", "enabled": false,
         "openai": {"prompt": "Say {{ word }}", "model": "gpt-4o", "system": "Be brief.",
           "temperature": 0.20, "top_p": 0.9, "max_completion_tokens": 100, "reasoning_effort": "low",
           "seed": 7, "tool_choice": "auto", "parallel_tool_calls": false, "service_tier": "flex",
           "stream": true, "base_url": "%s"},
         "settings": {"key": "%s", "timeout": "PT90M", "max_steps": 7, "max_tokens": 1000,
           "max_cost_usd": 0.25, "max_tool_calls": 3, "max_attempts": 2, "concurrency": 5,
           "overlap": "skip", "approval_deadline": "PT90M", "approval_expiry": "approve",
           "service_tier_fallback": true, "output_schema": {"type": "object"}, "output_repairs": 2,
           "expect": {"tools": {"calc_calculate": 1}, "when": "usage.steps == 2"},
           "watch": {"ready_every": "PT25H", "ends_within": "PT10M", "errors_in_a_row": 3},
           "tools": ["calc_calculate"], "approvals": {"calc_calculate": "always", "*": {"when": "size(arguments) > 1"}},
           "callbacks": [{"url": "%s/hook", "events": ["run.error"], "include": ["usage"]}]}}
        """;
    Map<String, Put> puts = new TreeMap<>();
    puts.put("putTask", new Put(TASK, task.formatted(model.url(), SECRET, model.url())));
    puts.put(
        "putOlderTask",
        new Put("/api/tasks/~/default/round", task.formatted(model.url(), SECRET, model.url())));
    puts.put("putRun", new Put(TASKS + "/started/runs/one", "{\"parameters\": {\"word\": 0.10}}"));
    puts.put(
        "putSchedule",
        new Put(
            TASK + "/schedules/new-year",
            """
            {"cron": "0 0 1 1 *", "timezone": "Europe/Berlin", "missed": "last", "jitter": "PT90M", "spread": "PT10M", "retry": ["PT90S"],
             "start": "2027-01-01T00:00", "end": "2090-12-31T23:59:59.5+01:00", "enabled": false,
             "parameters": {"word": "hi", "n": 0.10, "deep": {"a": [null, 1], "b": null}}}
            """));
    puts.put(
        "putTrigger",
        new Put(
            TASK + "/triggers/verified",
            """
            {"scheme": "github", "secrets": ["%s", "another-secret"], "tolerance": "PT90S",
             "rate_per_minute": 5, "max_body_bytes": 1000, "enabled": false, "expires_at": "2090-01-01T00:00:00Z",
             "when": "event == 'push' && headers['x-a'] != '1'", "headers": ["x-a"]}
            """
                .formatted(SECRET)));
    puts.put(
        "putOAuthClient",
        new Put(
            "/api/oauth/clients/round",
            "{\"redirect_uris\": [\"https://chat.example.com/callback\"], \"confidential\": true}"));
    puts.put(
        "putInstallation",
        new Put(
            INSTALLATION,
            """
            {"allow_update": false, "enabled_tools": ["probe"], "disabled_tools": ["probe"],
             "approvals": {"probe": {"when": "size(arguments) > 1"}, "*": "always"},
             "settings": {"config": {"answer": "%s", "other": "o"},
               "permissions": {"network": {"domains": ["a.example", "*.b.example"]}}}}
            """
                .formatted(SECRET)));
    String provider =
        """
        {"runner": "openai", "settings": {"key": "%s"},
         "rate": {"requests_per_minute": 60, "tokens_per_minute": 100000, "concurrency": 4},
         "openai": {"model": "gpt-4o", "temperature": 0.20, "top_p": 0.9, "max_completion_tokens": 100,
           "reasoning_effort": "low", "response_format": {"type": "json_object"}, "seed": 7, "tool_choice": "auto",
           "parallel_tool_calls": false, "service_tier": "flex", "stream": true, "base_url": "%s"}}
        """
            .formatted(SECRET, model.url());
    puts.put("putProvider", new Put("/api/users/~/providers/round", provider));
    puts.put("putProfileProvider", new Put(PROFILE + "/providers/round", provider));
    puts.put(
        "putChannel",
        new Put(
            PROFILE + "/channels/round",
            "{\"kind\": \"ntfy\", \"url\": \"https://ntfy.example/t\", \"token\": \"%s\", \"enabled\": false}"
                .formatted(SECRET)));
    puts.put(
        "putNotice",
        new Put(
            PROFILE + "/notices/round",
            """
            {"events": ["run.recovered", "run.error"], "channel": "round", "tasks": ["round"],
             "errors_in_a_row": 5, "at_most_per_hour": 7, "include": ["parameters", "output"], "enabled": false}
            """));
    puts.put(
        "putBudget",
        new Put(
            PROFILE + "/budgets/round",
            "{\"period\": \"month\", \"usd\": 10.50, \"tokens\": 1000000000, \"task\": \"other\", \"on_exhausted\": \"wait\"}"));
    puts.put(
        "putUserBudget",
        new Put(
            "/api/users/~/budgets/round",
            "{\"period\": \"day\", \"usd\": 1000, \"tokens\": 1000, \"on_exhausted\": \"wait\"}"));
    puts.put("pauseProfile", new Put(PROFILE + "/pause", "{\"paused\": true}"));
    return puts;
  }

  private Put put(String id) {
    return Objects.requireNonNull(puts().get(id));
  }

  @BeforeEach
  void prepare() {
    send(put("putTask"), 201);
    String enabled =
        put("putTask")
            .body()
            .replace("\"enabled\": false", "\"enabled\": true")
            .replace("\"overlap\": \"skip\"", "\"overlap\": \"queue\"");
    send(new Put(TASKS + "/started", enabled), 201);
    send(put("putRun"), 201);
    publish("admin/round-config", "config=answer,missing", wasm("config_echo"));
    api()
        .body("{\"servlet_slug\": \"admin/round-config\"}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "/pause");
    api().delete(PROFILE + "/budgets/round");
    api().delete("/api/users/~/budgets/round");
    api().delete(PROFILE + "/notices/round");
    api().delete(INSTALLATION);
    api().delete(TASK + "?force=true");
    api().delete(TASKS + "/started?force=true");
    api().delete("/api/users/~/providers/round");
    api().delete("/api/oauth/clients/round");
    api().delete(PROFILE + "/providers/round");
    api().delete(PROFILE + "/channels/round");
    model.close();
  }

  @Test
  void everyResourceThatCanBePutTakesWhatItShows() throws IOException, SQLException {
    Map<String, Put> puts = puts();
    assertEquals(puts.keySet(), new TreeSet<>(documented()), "Add a request of each to puts().");
    for (Map.Entry<String, Put> put : puts.entrySet()) {
      String id = put.getKey();
      String address = put.getValue().address();
      int status = api().body(put.getValue().body()).put(address).statusCode();
      assertTrue(status == 200 || status == 201, () -> id + " answered " + status);
      List<String> sealed = sealed();
      String shown = get(address);
      assertFalse(shown.contains(SECRET), () -> id + " shows a secret.");

      send(new Put(address, shown), 200);
      assertEquals(lasting(shown), lasting(get(address)), id);
      assertEquals(sealed, sealed(), () -> id + " changed a secret.");
      if (isPatched(id)) {
        api().body("{}").patch(address).then().statusCode(200);
        assertEquals(lasting(shown), lasting(get(address)), id);
        api().body(shown).patch(address).then().statusCode(200);
        assertEquals(sealed, sealed(), () -> "A patch like " + id + " changed a secret.");
      }
    }
  }

  @Test
  void eachFieldThatCanBePutIsPut() throws IOException {
    ApiDocument document = ApiDocument.served();
    Set<String> unsaid = new TreeSet<>();
    for (Map.Entry<String, Put> put : puts().entrySet()) {
      String id = put.getKey();
      JsonNode schema =
          document.requestBody(document.operation(id)).at("/content/application~1json/schema");
      addUnsaid(document, schema, JSON.readTree(put.getValue().body()), id, unsaid);
    }
    Set<String> said = new TreeSet<>(UNSAID);
    said.removeAll(unsaid);
    unsaid.removeAll(UNSAID);
    assertEquals(Set.of(), unsaid, "Say each field in puts().");
    assertEquals(Set.of(), said, "What puts() says is not unsaid.");
  }

  private static void addUnsaid(
      ApiDocument document, JsonNode schema, JsonNode body, String at, Set<String> unsaid) {
    JsonNode of = document.resolved(schema);
    Stream.of("oneOf", "allOf", "anyOf")
        .flatMap(key -> ApiDocument.stream(of.path(key)))
        .forEach(part -> addUnsaid(document, part, body, at, unsaid));
    for (Map.Entry<String, JsonNode> property : of.path("properties").properties()) {
      String name = property.getKey();
      if (body.path(name).isObject()) {
        addUnsaid(document, property.getValue(), body.path(name), at + "/" + name, unsaid);
      } else if (!body.has(name)) {
        unsaid.add(at + "/" + name);
      }
    }
  }

  @Test
  void aFormThatIsSavedAsItIsChangesNothing() throws IOException, SQLException {
    Browser admin = new Browser(Api.SESSION);
    for (Map.Entry<String, Put> put : puts().entrySet()) {
      String id = put.getKey();
      String form = FORMS.get(id);
      if (form == null) {
        continue;
      }
      String address = put.getValue().address();
      int status = api().body(put.getValue().body()).put(address).statusCode();
      assertTrue(status == 200 || status == 201, () -> id + " answered " + status);
      List<String> sealed = sealed();
      String shown = get(address);
      String[] parts = form.split(" ", -1);
      Page saved = admin.send(admin.open(HOME + parts[0]), parts[1], Map.of());
      assertEquals(200, saved.status(), () -> id + ": " + saved.text());
      assertEquals(lasting(shown), lasting(get(address)), id);
      assertEquals(sealed, sealed(), () -> "The form of " + id + " changed a secret.");
    }
  }

  @Test
  void whatHasATagIsDocumented() {
    ApiDocument document = ApiDocument.served();
    configured()
        .keySet()
        .forEach(
            id -> {
              List<Operation> same =
                  document.operations().stream()
                      .filter(other -> other.path().equals(document.operation(id).path()))
                      .toList();
              for (Operation operation : same) {
                boolean isShown = !operation.method().equals("DELETE");
                boolean isChanged = !Set.of("GET", "POST").contains(operation.method());
                JsonNode responses = operation.node().path("responses");
                assertEquals(
                    isShown, responses.at("/200/headers").has("ETag"), operation::toString);
                assertEquals(isChanged, responses.has("412"), operation::toString);
                assertEquals(
                    isChanged,
                    document.parameters(operation, "header").contains("If-Match"),
                    operation::toString);
              }
            });
  }

  @Test
  void everyResourceIsChangedOnlyAsItWasSeen() {
    for (Map.Entry<String, Put> each : configured().entrySet()) {
      String id = each.getKey();
      Put put = each.getValue();
      String address = put.address();
      String first = tag(api().body(put.body()).put(address));
      assertTrue(first.matches("\"[a-z0-9]+\""), () -> id + " has the tag " + first);
      assertEquals(first, tag(api().get(address)), id);

      renew(put);
      String second = tag(api().get(address));
      assertNotEquals(first, second, id);
      String shown = get(address);
      isRefused(conditional("If-Match", first).body(put.body()).put(address), id);
      isRefused(conditional("If-Match", "W/" + second).body(put.body()).put(address), id);
      isRefused(conditional("If-None-Match", "*").body(put.body()).put(address), id);
      isRefused(conditional("If-None-Match", second).body(put.body()).put(address), id);
      if (hasMethod("DELETE", id)) {
        isRefused(conditional("If-Match", first).delete(address), id);
      }
      if (isPatched(id)) {
        isRefused(conditional("If-Match", first).body("{}").patch(address), id);
      }
      problem(conditional("If-Match", "1a2b").body(put.body()).put(address), 400, "invalid_input")
          .then()
          .body("errors[0].field", equalTo("If-Match"));
      assertEquals(shown, get(address), id);
      assertEquals(second, tag(api().get(address)), id);

      conditional("If-Match", "\"other\" , " + second)
          .body(put.body())
          .put(address)
          .then()
          .statusCode(200);
      conditional("If-Match", "*").body(put.body()).put(address).then().statusCode(200);
      String third = tag(api().get(address));
      if (isPatched(id)) {
        third = tag(conditional("If-Match", third).body("{}").patch(address));
      }
      if (hasMethod("DELETE", id)) {
        conditional("If-Match", third).delete(address).then().statusCode(204);
        renew(put);
      }
    }
  }

  @Test
  void whatIsMissingIsCreatedOnlyWhereThatIsExpected() {
    for (Map.Entry<String, Put> each : configured().entrySet()) {
      String id = each.getKey();
      Put put = each.getValue();
      String address = put.address();
      if (!creates(id) || !hasMethod("DELETE", id)) {
        continue;
      }
      api().delete(address);
      isRefused(conditional("If-Match", "*").body(put.body()).put(address), id);
      conditional("If-Match", "*").delete(address).then().statusCode(404);
      if (isPatched(id)) {
        conditional("If-Match", "*").body("{}").patch(address).then().statusCode(404);
      }
      conditional("If-None-Match", "*").body(put.body()).put(address).then().statusCode(201);
    }
  }

  @Test
  void oneOfManyChangesOfWhatWasSeenSucceeds() throws Exception {
    for (Map.Entry<String, Put> each : configured().entrySet()) {
      Put put = each.getValue();
      if (each.getKey().equals("pauseProfile")) {
        // A second pause changes nothing.
        continue;
      }
      api().body(put.body()).put(put.address());
      String seen = tag(api().get(put.address()));
      List<Callable<Integer>> requests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String body =
            put.body().replace("\"hi\"", "\"hi" + i + "\"").replace("\"o\"", "\"o" + i + "\"");
        requests.add(
            () -> conditional("If-Match", seen).body(body).put(put.address()).statusCode());
      }
      List<Integer> answers = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Integer> answer : threads.invokeAll(requests)) {
          answers.add(answer.get());
        }
      }
      // A user may do only so much at once where conditions are compiled, and gets 503.
      assertEquals(
          List.of(200),
          answers.stream().filter(status -> status != 412 && status != 503).toList(),
          each.getKey());
      assertTrue(answers.contains(412), () -> each.getKey() + answers);
    }
  }

  @Test
  void aProfileIsChangedOnlyAsItWasSeen() {
    String address = "/api/profiles/~/seen";
    String first = tag(api().body("{}").post(address));
    assertEquals(first, tag(api().get(address)));
    String second =
        tag(conditional("If-Match", first).body("{\"description\": \"d\"}").patch(address));
    isRefused(
        conditional("If-Match", first).body("{\"description\": \"e\"}").patch(address), "PATCH");
    isRefused(conditional("If-Match", first).delete(address), "DELETE");
    api().get(address).then().body("description", equalTo("d"));
    conditional("If-Match", second).delete(address).then().statusCode(204);
  }

  @Test
  void secretsAndWhatTheServiceMovesHaveTheirPartInTags() throws SQLException {
    Put provider = put("putProvider");
    send(provider, 201);
    String first = tag(api().get(provider.address()));
    // Of the same length, with the same end.
    send(
        new Put(provider.address(), provider.body().replace(SECRET, "b" + SECRET.substring(1))),
        200);
    assertNotEquals(first, tag(api().get(provider.address())));

    send(put("putSchedule"), 201);
    String schedule = tag(api().get(put("putSchedule").address()));
    query(
        "UPDATE schedule SET next_time = now(), fires = 7 WHERE name = 'new-year' RETURNING name");
    assertEquals(schedule, tag(api().get(put("putSchedule").address())));
  }

  /** The resources that people configure. */
  private Map<String, Put> configured() {
    Map<String, Put> puts = puts();
    puts.keySet().removeAll(STARTED);
    return puts;
  }

  private static void renew(Put put) {
    api().delete(put.address());
    int status = api().body(put.body()).put(put.address()).statusCode();
    if (status == 404) {
      api().body("{\"servlet_slug\": \"admin/round-config\"}").post(PROFILE + "/installations");
      send(put, 200);
    }
  }

  private static boolean creates(String put) {
    return ApiDocument.served().operation(put).node().path("responses").has("201");
  }

  private static RequestSpecification conditional(String field, String value) {
    return api().header(field, value);
  }

  private static void isRefused(Response answer, String what) {
    assertEquals(412, answer.statusCode(), () -> what + ": " + answer.asString());
    problem(answer, 412, "changed_meanwhile");
  }

  private static String tag(Response answer) {
    assertTrue(answer.statusCode() < 300, answer::asString);
    return Objects.requireNonNull(answer.header("ETag"), answer::asString);
  }

  @Test
  void whatARequestLeavesOutHasTheDefaultThatTheDocumentNames() throws IOException {
    ApiDocument document = ApiDocument.served();
    Set<String> compared = new TreeSet<>();
    for (Map.Entry<String, Put> put : puts().entrySet()) {
      JsonNode schema =
          document
              .requestBody(document.operation(put.getKey()))
              .at("/content/application~1json/schema");
      JsonNode body = JSON.readTree(put.getValue().body());
      Map<String, String> defaults = new TreeMap<>();
      leaveOut(document, schema, body, "", defaults);
      if (defaults.isEmpty()) {
        continue;
      }
      String address = put.getValue().address();
      int status = api().body(body.toString()).put(address).statusCode();
      assertTrue(status == 200 || status == 201, () -> put.getKey() + " answered " + status);
      JsonNode shown = JSON.readTree(get(address));
      for (Map.Entry<String, String> each : defaults.entrySet()) {
        JsonNode value = shown.at(each.getKey());
        if (!value.isMissingNode()) {
          assertEquals(each.getValue(), value.asText(), () -> put.getKey() + each.getKey());
          compared.add(put.getKey() + each.getKey());
        }
      }
    }
    assertTrue(compared.size() >= 15, () -> "compared " + compared);
  }

  /** Removes the fields that have a default by their words, and adds these by their pointers. */
  private static void leaveOut(
      ApiDocument document,
      JsonNode schema,
      JsonNode body,
      String at,
      Map<String, String> defaults) {
    JsonNode of = document.resolved(schema);
    Stream.of("oneOf", "allOf", "anyOf")
        .flatMap(key -> ApiDocument.stream(of.path(key)))
        .forEach(part -> leaveOut(document, part, body, at, defaults));
    for (Map.Entry<String, JsonNode> property : of.path("properties").properties()) {
      String name = property.getKey();
      if (body.path(name).isObject()) {
        leaveOut(document, property.getValue(), body.path(name), at + "/" + name, defaults);
      } else if (body.has(name)) {
        Matcher words = DEFAULT.matcher(property.getValue().path("description").asText());
        if (words.find()) {
          ((ObjectNode) body).remove(name);
          defaults.put(at + "/" + name, words.group(1));
        }
      }
    }
  }

  @Test
  void anOlderTaskThatIsPutBackFollowsItsProvider() throws IOException {
    Put provider = put("putProvider");
    String older = "/api/tasks/~/default/round";
    send(provider, 201);
    send(
        new Put(
            older, "{\"provider\": \"~/round\", \"openai\": {\"prompt\": \"Hi\", \"seed\": 8}}"),
        200);
    String shown = get(older);
    send(new Put(older, shown), 200);
    assertEquals(lasting(shown), lasting(get(older)));
    api()
        .get(TASK)
        .then()
        .body("openai.model", equalTo(null))
        .body("openai.temperature", equalTo(null))
        .body("openai.seed", equalTo(8));
    send(new Put(provider.address(), provider.body().replace("gpt-4o", "gpt-4.1")), 200);
    api().get(older).then().body("openai.model", equalTo("gpt-4.1"));
    // What a client has changed is the task's own.
    send(new Put(older, get(older).replace("gpt-4.1", "o3")), 200);
    api().get(TASK).then().body("openai.model", equalTo("o3"));
  }

  @Test
  void anInstallationThatIsPutBackKeepsItsTime() throws IOException {
    send(put("putInstallation"), 200);
    String before = get(INSTALLATION);
    send(put("putInstallation"), 200);
    send(new Put(INSTALLATION, before), 200);
    assertEquals(JSON.readTree(before), JSON.readTree(get(INSTALLATION)));
    send(new Put(INSTALLATION, put("putInstallation").body().replace("\"o\"", "\"p\"")), 200);
    assertNotEquals(
        JSON.readTree(before).path("modified_at"),
        JSON.readTree(get(INSTALLATION)).path("modified_at"));
  }

  @Test
  void unknownFieldsAreStillRefused() throws IOException {
    Map<String, Put> puts = puts();
    // A run that is known is the answer, whatever the body says.
    puts.put("putRun", new Put(TASKS + "/started/runs/two", put("putRun").body()));
    for (Map.Entry<String, Put> put : puts.entrySet()) {
      boolean isRun = put.getKey().equals("putRun");
      String address = put.getValue().address();
      if (!isRun) {
        api().body(put.getValue().body()).put(address);
      }
      ObjectNode shown =
          (ObjectNode) JSON.readTree(get(isRun ? address.replace("/two", "/one") : address));
      shown.put("colour", "red");
      problem(api().body(shown.toString()).put(address), 400, "invalid_input")
          .then()
          .body("errors[0].field", equalTo("colour"))
          .body("detail", containsString("known fields"));
    }
  }

  @Test
  void aRunIsStartedAgainByWhatAnotherShows() throws IOException {
    String shown = get(TASKS + "/started/runs/one");
    send(new Put(TASKS + "/started/runs/again", shown), 201);
    assertEquals(
        JSON.readTree(shown).path("parameters"),
        JSON.readTree(get(TASKS + "/started/runs/again")).path("parameters"));
  }

  @Test
  void aProfileThatIsNotPausedIsNotPausedByWhatItShows() throws IOException {
    String shown = get(PROFILE + "/pause");
    send(new Put(PROFILE + "/pause", shown), 200);
    assertEquals(JSON.readTree(shown), JSON.readTree(get(PROFILE + "/pause")));
  }

  @Test
  void theSettingsOfAnInstallationKeepTheirValues() {
    Put put = put("putInstallation");
    send(
        new Put(
            put.address(),
            put.body().replace("\"disabled_tools\": [\"probe\"]", "\"disabled_tools\": []")),
        200);
    send(new Put(put.address(), get(INSTALLATION)), 200);
    api()
        .body("{}")
        .post(INSTALLATION + "/tools/probe")
        .then()
        .statusCode(200)
        .body("content[0].text", containsString(SECRET));
  }

  @Test
  void aTaskThatFollowsTheConfiguredEndpointStillDoes() throws SQLException {
    send(
        new Put(
            TASK,
            "{\"runner\": \"openai\", \"openai\": {\"prompt\": \"p\", \"model\": \"m\"}, \"settings\": {\"key\": \""
                + SECRET
                + "\"}}"),
        200);
    send(new Put(TASK, get(TASK)), 200);
    assertEquals(
        List.of("false"),
        query(
            "SELECT runner_settings LIKE '%base_url%' FROM task"
                + " WHERE name = 'round' AND deleted_at IS NULL"));
  }

  @Test
  void anAddressThatHasExpiredMayBePutAgain() throws SQLException {
    Put put = put("putTrigger");
    send(put, 201);
    query(
        "UPDATE task_trigger SET expires_at = '2020-01-01T00:00:00Z' WHERE name = 'verified'"
            + " RETURNING name");
    send(new Put(put.address(), get(put.address())), 200);
    problem(
        api()
            .body("{\"scheme\": \"url\", \"expires_at\": \"2020-01-02T00:00:00Z\"}")
            .put(put.address()),
        400,
        "invalid_input");
  }

  /** The operations that replace what a GET shows. */
  private static Set<String> documented() {
    List<Operation> operations = ApiDocument.served().operations();
    Set<String> shown =
        operations.stream()
            .filter(operation -> operation.method().equals("GET"))
            .map(Operation::path)
            .collect(Collectors.toSet());
    return operations.stream()
        .filter(operation -> operation.method().equals("PUT") && shown.contains(operation.path()))
        .map(Operation::id)
        .filter(id -> !OTHER_MEDIA.contains(id))
        .collect(Collectors.toSet());
  }

  private static boolean isPatched(String put) {
    return hasMethod("PATCH", put);
  }

  private static boolean hasMethod(String method, String put) {
    ApiDocument document = ApiDocument.served();
    String path = document.operation(put).path();
    return document.operations().stream()
        .anyMatch(operation -> operation.method().equals(method) && operation.path().equals(path));
  }

  private static void send(Put put, int status) {
    Response answer = api().body(put.body()).put(put.address());
    assertEquals(status, answer.statusCode(), () -> put.address() + ": " + answer.asString());
  }

  private static String get(String address) {
    return api().get(address).then().statusCode(200).extract().asString();
  }

  // When it was last put is the one thing that may differ; a run goes on meanwhile.
  private static JsonNode lasting(String shown) throws IOException {
    JsonNode tree = JSON.readTree(shown);
    for (JsonNode parent : tree.findParents("modified_at")) {
      ((ObjectNode) parent).remove("modified_at");
    }
    for (JsonNode parent : tree.findParents("updatedAt")) {
      ((ObjectNode) parent).remove("updatedAt");
    }
    if (tree.has("attempt")) {
      ((ObjectNode) tree).retain("name", "url", "parameters", "trigger", "created_at");
    }
    return tree;
  }

  private List<String> sealed() throws SQLException {
    return query(SEALED).stream().sorted().toList();
  }

  private List<String> query(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getObject(1).toString());
      }
    }
    return found;
  }
}
