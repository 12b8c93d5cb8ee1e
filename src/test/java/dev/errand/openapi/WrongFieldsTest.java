package dev.errand.openapi;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.http.Problem;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer names all fields of a body that are wrong, in {@code errors} and in its sentence. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class WrongFieldsTest {
  private static final String TASK = TASKS + "/wrong-fields";

  @BeforeEach
  void register() {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "Go.", "model", "gpt-4o"),
                "settings",
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(TASK)
        .then()
        .statusCode(org.hamcrest.Matchers.lessThan(300));
  }

  private static JsonPath refused(String method, String path, String body) {
    return api()
        .body(body)
        .request(method, path)
        .then()
        .statusCode(400)
        .contentType(Problem.MEDIA_TYPE)
        .body("code", equalTo("invalid_input"))
        .extract()
        .jsonPath();
  }

  private static void assertNamed(String method, String path, String body, String... fields) {
    JsonPath problem = refused(method, path, body);
    List<String> named = problem.getList("errors.field");
    assertEquals(new TreeSet<>(List.of(fields)), new TreeSet<>(named), problem::prettify);
    named.forEach(
        field ->
            org.junit.jupiter.api.Assertions.assertTrue(
                problem.getString("detail").contains(field)));
  }

  @Test
  void ofATask() {
    String body =
        """
        {"runner": "openai", "openai": {"prompt": "", "model": " ", "temperature": 9, "top_p": 2, "seed": "x",
           "max_completion_tokens": 0, "tool_choice": 5, "bogus": 1},
         "settings": {"key": "sk-a-key-for-tests-1234", "timeout": "soon", "max_steps": 0, "max_tokens": 0, "max_cost_usd": -1,
           "max_tool_calls": -1, "max_attempts": 0, "concurrency": 0, "overlap": "never", "output_schema": {"type": "nope"},
           "output_repairs": 9, "expect": {"tools": {"a": 0}, "when": "1 +"}, "watch": {"ready_every": "x", "ends_within": "x", "errors_in_a_row": 0},
           "approvals": {"a": "x", "b": 1}, "approval_deadline": "x", "approval_expiry": "x", "tools": [""], "unknown": 1,
           "callbacks": [{"url": "x", "events": ["x"], "include": ["x"]}, {"url": "ftp://a.example"}]},
         "enabled": true, "colour": "red"}
        """;
    String[] all = {
      "openai.prompt",
      "openai.model",
      "openai.temperature",
      "openai.top_p",
      "openai.seed",
      "openai.max_completion_tokens",
      "openai.tool_choice",
      "openai.bogus",
      "settings.timeout",
      "settings.max_steps",
      "settings.max_tokens",
      "settings.max_cost_usd",
      "settings.max_tool_calls",
      "settings.max_attempts",
      "settings.concurrency",
      "settings.overlap",
      "settings.output_schema",
      "settings.output_repairs",
      "settings.expect.tools.a",
      "settings.expect.when",
      "settings.watch.ready_every",
      "settings.watch.ends_within",
      "settings.watch.errors_in_a_row",
      "settings.approvals.a",
      "settings.approvals.b",
      "settings.approval_deadline",
      "settings.approval_expiry",
      "settings.tools[0]",
      "settings.unknown",
      "settings.callbacks[0].url",
      "settings.callbacks[0].events[0]",
      "settings.callbacks[0].include[0]",
      "settings.callbacks[1].url",
      "colour"
    };
    assertNamed("PUT", TASK, body, all);
    assertNamed("PUT", TASKS + "/wrong-and-new", body, all);
    assertNamed("PATCH", TASK, body.replace("sk-a-key-for-tests-1234", "sk-another-key-1234"), all);
  }

  @Test
  void ofTheWrongType() {
    assertNamed(
        "PUT",
        TASK,
        """
        {"runner": 5, "openai": {"prompt": "Go.", "model": "gpt-4o"}, "enabled": "yes",
         "settings": {"timeout": 600, "max_steps": "ten", "concurrency": 0, "tools": "all", "output_schema": [],
           "callbacks": [{"url": 1, "events": "end"}, 2]}}
        """,
        "runner",
        "enabled",
        "settings.timeout",
        "settings.max_steps",
        "settings.concurrency",
        "settings.tools",
        "settings.output_schema",
        "settings.callbacks[0].url",
        "settings.callbacks[0].events",
        "settings.callbacks[1]");
  }

  @Test
  void aWrongTypeHidesNothing() {
    for (String method : List.of("PUT", "PATCH")) {
      assertNamed(
          method,
          TASK,
          """
          {"runner": "openai", "opneai": {}, "openai": {"prompt": "", "model": 1, "bogus": 1},
           "settings": {"key": 7, "max_steps": 0, "unknown": 1}}
          """,
          "opneai",
          "openai.prompt",
          "openai.model",
          "openai.bogus",
          "settings.key",
          "settings.max_steps",
          "settings.unknown");
    }
    assertNamed(
        "PUT",
        TASK,
        "{\"runner\": \"openai\", \"opneai\": {}, \"settings\": {\"key\": 7}}",
        "openai",
        "opneai",
        "settings.key");
    assertNamed("PUT", TASK, "{\"runner\": 5, \"opneai\": {}}", "runner", "opneai");
    assertNamed("PUT", TASK, "{\"provider\": 5, \"opneai\": {}}", "provider", "opneai");
    assertNamed(
        "PUT",
        TASK,
        "{\"runner\": \"zz\", \"runner\": \"openai\", \"opneai\": {}}",
        "runner",
        "openai",
        "opneai");
    for (String path : List.of("/api/users/~/providers/p", "/api/profiles/~/default/providers/p")) {
      assertNamed(
          "PUT",
          path,
          """
          {"runner": "zz", "openai": {"prompt": "x", "model": 1}, "settings": {"foo": 1}, "bar": 2}
          """,
          "runner",
          "settings.foo",
          "bar");
      assertNamed(
          "PUT",
          path,
          """
          {"runner": "openai", "openai": {"prompt": "x", "model": 1}, "settings": {"foo": 1}, "bar": 2}
          """,
          "openai.prompt",
          "openai.model",
          "settings.foo",
          "bar");
    }
  }

  @Test
  void nothingIsStoredOfARequestThatIsReadInPart() {
    assertNamed(
        "PUT",
        TASKS + "/in-part",
        """
        {"runner": "openai", "openai": {"prompt": "Go.", "model": "gpt-4o"},
         "settings": {"key": "sk-a-key-for-tests-1234", "max_steps": "ten"}}
        """,
        "settings.max_steps");
    api().get(TASKS + "/in-part").then().statusCode(404);
    assertNamed(
        "PUT",
        "/api/users/~/providers/in-part",
        """
        {"runner": "openai", "openai": {"model": "gpt-4o"},
         "settings": {"key": "sk-a-key-for-tests-1234"}, "settings": {"foo": 1}}
        """,
        "settings");
    api().get("/api/users/~/providers/in-part").then().statusCode(404);
    assertNamed(
        "PATCH",
        TASK,
        "{\"enabled\": false, \"settings\": {\"max_steps\": \"ten\"}}",
        "settings.max_steps");
    api().get(TASK).then().body("enabled", equalTo(true));
  }

  @Test
  void ofADraft() {
    assertNamed(
        "POST",
        TASK + "/preview",
        """
        {"task": {"runner": "openai", "openai": {"prompt": "Go.", "model": ""}, "settings": {"max_steps": 0}}}
        """,
        "task.openai.model",
        "task.settings.max_steps");
    assertNamed(
        "POST",
        TASK + "/preview",
        """
        {"task": {"runner": "openai", "openai": {"prompt": "Go.", "model": "gpt-4o"}, "settings": {"max_steps": 0}}}
        """,
        "task.settings.max_steps");
    assertNamed(
        "POST",
        TASK + "/preview",
        """
        {"task": {"runner": "openai", "openai": {"prompt": "Go.", "model": ""}, "enabled": "yes", "settings": {"max_steps": 0, "timeout": 5}, "colour": "red"}}
        """,
        "task.openai.model",
        "task.enabled",
        "task.settings.max_steps",
        "task.settings.timeout",
        "task.colour");
    api()
        .body(
            Map.of(
                "task",
                Map.of(
                    "runner",
                    "openai",
                    "openai",
                    Map.of("prompt", "Go to {{ place }}.", "model", "gpt-4o"))))
        .post(TASK + "/preview")
        .then()
        .statusCode(400)
        .body("errors.field", equalTo(List.of("parameters.place")));
  }

  @Test
  void ofAMember() {
    assertNamed(
        "PUT",
        "/api/profiles/~/default/members/nobody",
        "{\"role\": \"zz\", \"foo\": 1}",
        "role",
        "foo");
    assertNamed(
        "PUT",
        "/api/profiles/~/default/members/nobody",
        "{\"role\": 1, \"foo\": 1}",
        "role",
        "foo");
  }

  @Test
  void ofAClient() {
    assertNamed(
        "PUT",
        "/api/oauth/clients/x",
        """
        {"confidential": "yes", "foo": 1, "redirect_uris": ["ftp://a.example", "https://a.example/back", "http://b.example"]}
        """,
        "confidential",
        "foo",
        "redirect_uris[0]",
        "redirect_uris[2]");
    assertNamed(
        "PUT",
        "/api/oauth/clients/x",
        "{\"redirect_uris\": [\"ftp://a.example\", \"http://b.example\"]}",
        "redirect_uris[0]",
        "redirect_uris[1]");
    assertNamed("PUT", "/api/oauth/clients/x", "{\"foo\": 1}", "redirect_uris", "foo");
  }

  @Test
  void ofOtherRunners() {
    assertNamed(
        "PUT",
        TASK,
        """
        {"runner": "anthropic", "anthropic": {"prompt": "Go.", "model": "claude-x", "temperature": 3, "top_k": -1, "max_tokens": 0,
           "effort": "huge", "thinking": {"type": "deep"}, "tool_choice": {"type": "x"}, "stop_sequences": [" "]},
         "settings": {"key": "sk-a-key-for-tests-1234", "max_steps": 0}}
        """,
        "anthropic.temperature",
        "anthropic.top_k",
        "anthropic.max_tokens",
        "anthropic.effort",
        "anthropic.thinking.type",
        "anthropic.tool_choice.type",
        "anthropic.stop_sequences[0]",
        "settings.max_steps");
    assertNamed(
        "PUT",
        TASK,
        """
        {"runner": "responses", "responses": {"prompt": "Go.", "model": "gpt-5", "temperature": 3, "top_p": 2, "max_output_tokens": 0,
           "reasoning": {"effort": "x", "summary": "x"}, "text": {"verbosity": "x"}, "tool_choice": 1},
         "settings": {"key": "sk-a-key-for-tests-1234"}}
        """,
        "responses.temperature",
        "responses.top_p",
        "responses.max_output_tokens",
        "responses.reasoning.effort",
        "responses.reasoning.summary",
        "responses.text.verbosity",
        "responses.tool_choice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/users/~/providers/p", "/api/profiles/~/default/providers/p"})
  void ofAProvider(String path) {
    assertNamed(
        "PUT",
        path,
        """
        {"runner": "openai", "openai": {"prompt": "Go.", "system": "Be.", "temperature": 9, "top_p": "x", "bogus": 1},
         "settings": {"key": "sk-a-key-for-tests-1234"}, "more": 1}
        """,
        "more",
        "openai.prompt",
        "openai.system",
        "openai.model",
        "openai.temperature",
        "openai.top_p",
        "openai.bogus");
  }

  @Test
  void ofASchedule() {
    String body =
        """
        {"every": "1 second ago", "timezone": "Nowhere", "start": "x", "end": "x", "parameters": [], "missed": "x", "retry": ["x"],
         "jitter": "x", "spread": "2 hours", "enabled": "yes", "bogus": 1}
        """;
    assertNamed(
        "PUT",
        TASK + "/schedules/s",
        body,
        "every",
        "timezone",
        "start",
        "end",
        "parameters",
        "missed",
        "retry[0]",
        "jitter",
        "spread",
        "enabled",
        "bogus");
    api().body("{\"every\": \"PT1H\"}").put(TASK + "/schedules/s").then().statusCode(201);
    assertNamed(
        "PATCH",
        TASK + "/schedules/s",
        body,
        "every",
        "timezone",
        "start",
        "end",
        "parameters",
        "missed",
        "retry[0]",
        "jitter",
        "spread",
        "enabled",
        "bogus");
  }

  @Test
  void ofATrigger() {
    assertNamed(
        "PUT",
        TASK + "/triggers/t",
        """
        {"scheme": "github", "secrets": ["a", "b"], "tolerance": "x", "rate_per_minute": 0, "max_body_bytes": 0,
         "expires_at": "x", "enabled": 1, "when": "1 +", "headers": ["cookie", "x y"], "bogus": 1}
        """,
        "secrets[0]",
        "secrets[1]",
        "tolerance",
        "rate_per_minute",
        "max_body_bytes",
        "expires_at",
        "enabled",
        "when",
        "headers[0]",
        "headers[1]",
        "bogus");
    assertNamed(
        "PUT",
        TASK + "/triggers/t",
        "{\"name\": \"other\", \"rate_per_minute\": 0}",
        "name",
        "scheme",
        "rate_per_minute");
    assertNamed(
        "POST",
        TASK + "/triggers",
        "{\"name\": \" \", \"scheme\": \"nope\", \"tolerance\": 5, \"rate_per_minute\": 0}",
        "name",
        "scheme",
        "tolerance",
        "rate_per_minute");
  }

  @Test
  void ofAChannel() {
    assertNamed(
        "PUT",
        "/api/profiles/~/default/channels/c",
        """
        {"kind": "slack", "to": "a@example.org", "url": "x", "secret": "x", "token": "x", "enabled": 1, "bogus": 1}
        """,
        "to",
        "url",
        "secret",
        "token",
        "enabled",
        "bogus");
    assertNamed(
        "PUT",
        "/api/profiles/~/default/channels/c",
        "{\"kind\": \"nope\", \"enabled\": 1}",
        "kind",
        "enabled");
  }

  @Test
  void ofANotice() {
    assertNamed(
        "PUT",
        "/api/profiles/~/default/notices/n",
        """
        {"events": ["a", "run.error", "b"], "channel": "none", "tasks": ["ok", "x y", "/"], "errors_in_a_row": 1, "at_most_per_hour": 0,
         "include": ["x"]}
        """,
        "events[0]",
        "events[2]",
        "channel",
        "tasks[1]",
        "tasks[2]",
        "errors_in_a_row",
        "at_most_per_hour",
        "include[0]");
    assertNamed(
        "PUT",
        "/api/profiles/~/default/notices/n",
        "{\"events\": [], \"errors_in_a_row\": 1, \"enabled\": 1, \"bogus\": 1}",
        "events",
        "channel",
        "errors_in_a_row",
        "enabled",
        "bogus");
  }

  @Test
  void ofABudget() {
    assertNamed(
        "PUT",
        "/api/profiles/~/default/budgets/b",
        """
        {"period": "week", "usd": -1, "tokens": 0, "task": "a b", "on_exhausted": "stop", "bogus": 1}
        """,
        "period",
        "usd",
        "tokens",
        "task",
        "on_exhausted",
        "bogus");
    assertNamed(
        "PUT",
        "/api/users/~/budgets/b",
        "{\"period\": \"run\", \"task\": \"a\", \"on_exhausted\": \"wait\"}",
        "usd",
        "on_exhausted",
        "task");
  }

  @Test
  void ofAnInstallation() {
    assertNamed(
        "POST",
        "/api/profiles/~/default/installations",
        """
        {"name": "x y", "mcp": {"url": "", "auth": "x", "headers": {"host": "a", "a b": "c"}}, "settings": {"on_change": "x"},
         "approvals": {"a": 5}, "bogus": 1}
        """,
        "name",
        "mcp.url",
        "mcp.auth",
        "mcp.headers.host",
        "mcp.headers",
        "settings.on_change",
        "approvals.a",
        "bogus");
    assertNamed(
        "PATCH",
        "/api/profiles/~/default/installations/fetch",
        """
        {"settings": {"on_change": "hold", "filesystem": {"volumes": {"a": "b"}}, "config": {"a": "…", "b": "set"}}, "enabled_tools": ["none"],
         "disabled_tools": ["nil"], "approvals": {"a": 5}}
        """,
        "settings.on_change",
        "settings.filesystem.volumes",
        "settings.config.a",
        "settings.config.b",
        "enabled_tools",
        "disabled_tools",
        "approvals.a");
  }

  @Test
  void ofATokenAUserAndAProfile() {
    assertNamed(
        "POST",
        "/api/tokens",
        """
        {"name": "", "scopes": ["fly"], "profiles": ["x"], "tasks": [], "expires_at": "x", "bogus": 1}
        """,
        "name",
        "scopes[0]",
        "profiles",
        "tasks",
        "expires_at",
        "bogus");
    assertNamed(
        "PUT",
        "/api/users/x!",
        "{\"role\": \"king\", \"kind\": \"x\", \"email\": \"x\", \"disabled\": 1, \"bogus\": 1}",
        "role",
        "kind",
        "email",
        "disabled",
        "bogus");
    String profile =
        "{\"name\": \"x y\", \"description\": \"%s\", \"is_public\": 1, \"mcp\": {\"tasks\": 1, \"x\": 2}, \"bogus\": 1}"
            .formatted("d".repeat(5000));
    assertNamed(
        "PATCH",
        "/api/profiles/~/default",
        profile,
        "name",
        "description",
        "is_public",
        "mcp.tasks",
        "mcp.x",
        "bogus");
  }

  @Test
  void ofARun() {
    assertNamed(
        "PUT", TASK + "/runs/r", "{\"a\": 1, \"b\": 2, \"parameters\": 5}", "a", "b", "parameters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PUT; ; {'runner': 'openai', 'runner': 'openai', 'openai': {'model': 'a', 'prompt': 'b'}, 'enabled': 1}; runner, enabled",
        "PUT; ; {'runner': 'openai', 'openai': {'model': 'a', 'prompt': 'b', 'model': 'c'}}; openai.model",
        "PATCH; ; {'settings': {'timeout': 'PT1M', 'timeout': 'PT2M'}}; settings.timeout",
        "PUT; /runs/r; {'parameters': {'a': [{'b': 1, 'b': 2}]}}; parameters.a[0].b",
        "PUT; /triggers/t; {'scheme': 'url', 'scheme': 'url'}; scheme",
        "POST; /preview; {'parameters': {'a': 1, 'a': 2}}; parameters.a",
        "PUT; /schedules/s; {'every': 'PT1H', 'parameters': {'a': 1, 'a': 2}}; parameters.a",
      })
  void namesThatAreThereTwiceAreRefused(String method, String below, String body, String fields) {
    JsonPath problem =
        refused(method, TASK + (below == null ? "" : below), body.replace('\'', '"'));
    assertEquals(List.of(fields.split(", ")), problem.getList("errors.field"));
    assertEquals("is there twice: send it once", problem.getString("errors[0].message"));
  }

  @ParameterizedTest
  @CsvSource({
    "[], a list",
    "5, a number",
    "true, true or false",
    "'\"{}\"', a string",
    "'[{}]', a list"
  })
  void anotherKindOfBodyIsNamed(String body, String kind) {
    for (String path : List.of(TASK, TASK + "/runs/r", TASK + "/triggers/t")) {
      api()
          .body(body)
          .put(path)
          .then()
          .statusCode(400)
          .body("code", equalTo("malformed_json"))
          .body("title", equalTo("The body is not a JSON object"))
          .body("detail", equalTo("The body must be a JSON object; " + kind + " came."));
    }
  }

  @Test
  void whatIsNoJsonIsSaidWithItsPlace() {
    for (String path : List.of(TASK, TASK + "/runs/r")) {
      api()
          .body("{\"runner\":\n  openai}")
          .put(path)
          .then()
          .statusCode(400)
          .body("code", equalTo("malformed_json"))
          .body("detail", containsString("(line 2, column "));
    }
  }

  @Test
  void aHundredAreNamedAtMost() {
    StringBuilder body = new StringBuilder("{");
    for (int i = 0; i < 500; i++) {
      body.append("\"f").append(i).append("\": 1, ");
    }
    body.append("\"role\": \"member\"}");
    JsonPath problem = refused("PUT", "/api/users/many", body.toString());
    assertEquals(100, problem.getList("errors").size());
  }
}
