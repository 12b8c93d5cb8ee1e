package dev.errand.adapters.mcp;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.Events;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ShortWaits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call that waits longer than it may, and a client that disconnects: the run goes on. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ShortWaits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class McpWaitsTest {
  private static final String TASK = "slow";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Chat chat = Chat.ofTests();

  @BeforeEach
  void aSlowTask() {
    register(TASK, "Hello", model);
    model.script(
        request -> {
          asked.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("At last.");
        });
  }

  @AfterEach
  void stop() {
    released.countDown();
    api().delete(TASKS + "/" + TASK + "?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aLongRunIsAnsweredWithItsNameAndHowToAskAgain() throws Exception {
    JsonPath first = chat.call("run_slow", Map.of());
    assertFalse(first.getBoolean("isError"));
    // Within the second that is waited, a worker of a busy machine may not have taken it up.
    assertThat(first.getString("structuredContent.status"), oneOf("pending", "running"));
    String run = first.getString("structuredContent.run");
    assertThat(first.getString("content[0].text"), containsString("get_run"));
    assertThat(first.getString("content[0].text"), containsString(run));
    asked.await();
    JsonPath still = chat.call("get_run", Map.of("task", TASK, "run", run, "wait", 0));
    assertEquals("running", still.getString("structuredContent.status"));
    released.countDown();
    ended(TASK, run);
    JsonPath done = chat.call("get_run", Map.of("task", TASK, "run", run));
    assertEquals("At last.", done.getString("content[0].text"));
  }

  @Test
  void aClientThatDisconnectsDoesNotEndTheRun() throws Exception {
    String body =
        """
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "run_slow",
          "arguments": {}, "_meta": {"idempotencyKey": "gone", "progressToken": 1,
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {}}}}
        """;
    try (Socket socket = new Socket("localhost", RestAssured.port)) {
      send(socket, body);
      asked.await();
    }
    JsonPath still =
        chat.result("tools/call", Map.of("name", "list_runs", "arguments", Map.of("task", TASK)));
    String run = still.getString("structuredContent.runs[0].run");
    assertEquals("running", still.getString("structuredContent.runs[0].status"));
    released.countDown();
    assertEquals("At last.", ended(TASK, run).getString("output"));
  }

  @Test
  void aUserGetsHalfOfTheOlderStreams() {
    List<Events> streams = new ArrayList<>();
    URI address = stream(api());
    try {
      do {
        streams.add(Events.of(address, null));
      } while (streams.getLast().answer().statusCode() == 200);
      try (Events others = Events.of(stream(OtherUser.named("stranger", database).api()), null)) {
        assertEquals(200, others.answer().statusCode());
      }
      assertEquals(ShortWaits.WATCHERS / 2, streams.size() - 1);
      assertEquals(429, streams.getLast().answer().statusCode());
    } finally {
      streams.forEach(Events::close);
    }
  }

  private static URI stream(RequestSpecification as) {
    return URI.create(
        as.body("{\"version\": \"v0\", \"activeProfile\": \"~/default\", \"expiresIn\": 3600}")
            .post("/api/mcp/sse/url")
            .then()
            .statusCode(200)
            .extract()
            .asString());
  }

  private static void send(Socket socket, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        """
        POST /mcp HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: application/json
        Accept: application/json, text/event-stream
        MCP-Protocol-Version: 2026-07-28
        Mcp-Method: tools/call
        Mcp-Name: run_slow
        Content-Length: %d

        """
            .formatted(Api.SESSION, bytes.length)
            .replace("\n", "\r\n");
    socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }
}
