package dev.errand.adapters.mcp.transport;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.limit.ReadBudget;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of the protocol's first revision, as the original system's clients open it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OlderStreamTest {
  private static final String TASK = "streamed";
  private static final String END = "";
  private static final int LONG = 3_000_000;

  @Inject ReadBudget budget;
  @Inject ByteBudget bodies;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register(TASK, "Hello {{ name }}", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/" + TASK + "?force=true").then().statusCode(204);
    for (String id : api().get("/api/tokens").jsonPath().<String>getList("id")) {
      api().delete("/api/tokens/" + id);
    }
    model.close();
  }

  private static String address() {
    return api()
        .body("{\"version\": \"v0\", \"activeProfile\": \"~/default\", \"expiresIn\": 3600}")
        .post("/api/mcp/sse/url")
        .then()
        .statusCode(200)
        .contentType(ContentType.TEXT)
        .extract()
        .asString();
  }

  /** A stream that is read line by line. */
  private record Stream(HttpURLConnection connection, BufferedReader lines) {
    static Stream open(String address) throws IOException {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(address).toURL().openConnection();
      assertEquals(200, connection.getResponseCode());
      return new Stream(
          connection,
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8)));
    }

    /** The data of the next event; empty at the end. */
    String next() throws IOException {
      String line = lines.readLine();
      while (line != null && !line.startsWith("data: ")) {
        line = lines.readLine();
      }
      return line == null ? END : line.substring("data: ".length());
    }
  }

  private static void post(String to, String body) {
    given()
        .contentType(ContentType.JSON)
        .body(body)
        .post(to)
        .then()
        .statusCode(202)
        .body(equalTo(""));
  }

  @Test
  void answersToWhatIsPostedComeByTheStream() throws Exception {
    Stream stream = Stream.open(address());
    String endpoint = stream.next();
    post(
        endpoint,
        """
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
          "protocolVersion": "2024-11-05", "capabilities": {},
          "clientInfo": {"name": "mcp-run", "version": "0.5"}}}
        """);
    JsonPath begun = new JsonPath(stream.next());
    assertEquals("2024-11-05", begun.getString("result.protocolVersion"));
    post(endpoint, "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
    post(endpoint, "{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"tools/list\"}");
    JsonPath list = new JsonPath(stream.next());
    assertTrue(list.getList("result.tools.name").contains("run_" + TASK));
    post(
        endpoint,
        """
        {"jsonrpc": "2.0", "id": "three", "method": "tools/call", "params": {
          "name": "run_streamed", "arguments": {"name": "Ada"}}}
        """);
    JsonPath answer = new JsonPath(stream.next());
    assertEquals("three", answer.getString("id"));
    assertEquals("Done.", answer.getString("result.content[0].text"));
    api()
        .get(TASKS + "/" + TASK + "/runs/" + answer.getString("result.structuredContent.run"))
        .then()
        .body("trigger.client.name", equalTo("mcp-run"));
    post(endpoint, "{\"jsonrpc\": \"2.0\", \"id\": 4, \"method\": \"resources/list\"}");
    assertEquals(-32601, new JsonPath(stream.next()).getInt("error.code"));
    post(endpoint, "{");
    assertEquals(-32700, new JsonPath(stream.next()).getInt("error.code"));
    stream.connection.disconnect();
  }

  @Test
  void aCallThatNeedsApprovalIsAnsweredByTheStream() throws Exception {
    String installation = "/api/profiles/~/default/installations/asked";
    api()
        .body(
            """
            {"name": "asked", "servlet_slug": "errand/calc", "approvals": {"*": "always"}}""")
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    try {
      Stream stream = Stream.open(address());
      post(
          stream.next(),
          """
          {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
            "name": "asked_calculate", "arguments": {"expression": "1"}}}
          """);
      JsonPath answer = new JsonPath(stream.next());
      assertTrue(answer.getBoolean("result.isError"));
      String text = answer.getString("result.content[0].text");
      assertTrue(
          text.endsWith(
              "http://localhost:"
                  + RestAssured.port
                  + "/console/admin/default/tools/asked/try?tool=calculate"),
          text);
      stream.connection.disconnect();
    } finally {
      api().delete(installation).then().statusCode(204);
    }
  }

  /** A client that reads no more of its stream than its address. */
  private static Socket openUnread(String address, StringBuilder endpoint) throws IOException {
    URI uri = URI.create(address);
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("localhost", RestAssured.port));
    socket
        .getOutputStream()
        .write(
            ("GET " + uri.getPath() + "?" + uri.getQuery() + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1);
    String line = lines.readLine();
    while (line != null && !line.startsWith("data: ")) {
      line = lines.readLine();
    }
    endpoint.append(String.valueOf(line).substring("data: ".length()));
    return socket;
  }

  @Test
  void answersThatAreNotReadAreHeldForAndBounded() throws Exception {
    model.script(request -> say("x".repeat(LONG)));
    trigger(TASK, "long", Map.of("name", "Ada"));
    assertEquals("ready", ended(TASK, "long").getString("status"));
    Eventually.await("no reads", () -> budget.used() == 0);
    StringBuilder endpoint = new StringBuilder();
    try (Socket _ = openUnread(address(), endpoint)) {
      String call =
          """
          {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
            "name": "get_run", "arguments": {"task": "streamed", "run": "long"}}}
          """;
      // Fewer than may be unanswered at once, and than a stream has messages. While an answer is
      // read, more is held for a moment than what stays.
      int refused = 0;
      for (int posted = 0; posted < 30 && refused < 2; posted++) {
        Response answer =
            given().contentType(ContentType.JSON).body(call).post(endpoint.toString());
        if (answer.statusCode() == 202) {
          refused = 0;
        } else {
          problem(answer, 503, "unavailable");
          refused++;
        }
      }
      assertEquals(2, refused, "it is full");
      assertTrue(budget.used() >= 2L * LONG, "held: " + budget.used());
    }
    Eventually.await("what was not read is let go", () -> budget.used() == 0);
  }

  @Test
  void aBodyIsHeldForUntilItsWorkIsDone() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    model.script(
        request -> {
          asked.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("Done.");
        });
    Stream stream = Stream.open(address());
    String endpoint = stream.next();
    Eventually.await("no bodies", () -> bodies.used() == 0);
    String body =
        """
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
          "name": "run_streamed", "arguments": {"name": "Ada"}, "_meta": {"x": [%s{}]}}}"""
            .formatted("{},".repeat(10_000));
    try {
      post(endpoint, body);
      asked.await();
      long held = bodies.used();
      assertTrue(held >= JsonWeight.of(body), "held: " + held);
    } finally {
      released.countDown();
    }
    assertEquals("Done.", new JsonPath(stream.next()).getString("result.content[0].text"));
    Eventually.await("what the body took is let go", () -> bodies.used() == 0);
    stream.connection.disconnect();
  }

  @Test
  void aRevokedAddressEndsItsStream() throws Exception {
    String address = address();
    Stream stream = Stream.open(address);
    String endpoint = stream.next();
    String id = api().get("/api/tokens").jsonPath().getString("[0].id");
    api().delete("/api/tokens/" + id).then().statusCode(204);
    assertEquals(END, stream.next());
    problem(given().body("{}").post(endpoint), 404, "not_found");
    problem(given().urlEncodingEnabled(false).get(address), 401, "unauthenticated");
  }

  @Test
  void anAddressIsMadeForWhoMayAndForAWhile() {
    problem(
        given().contentType(ContentType.JSON).body("{}").post("/api/mcp/sse/url"),
        401,
        "unauthenticated");
    problem(
        api().body(Map.of("activeProfile", "nobody/default")).post("/api/mcp/sse/url"),
        404,
        "profile_not_found");
    problem(api().body(Map.of("expiresIn", 1)).post("/api/mcp/sse/url"), 400, "invalid_input");
    problem(given().get("/api/mcp/sse"), 401, "unauthenticated");
    problem(given().body("{}").post("/api/mcp/sse/none"), 404, "not_found");
    String own = api().post("/api/mcp/sse/url").then().statusCode(200).extract().asString();
    assertTrue(own.startsWith("http://localhost:" + RestAssured.port + "/api/mcp/sse?token="), own);
  }
}
