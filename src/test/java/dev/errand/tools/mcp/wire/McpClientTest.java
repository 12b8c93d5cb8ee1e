package dev.errand.tools.mcp.wire;

import static dev.errand.support.ScriptedMcp.error;
import static dev.errand.support.ScriptedMcp.events;
import static dev.errand.support.ScriptedMcp.raw;
import static dev.errand.support.ScriptedMcp.redirect;
import static dev.errand.support.ScriptedMcp.repeatable;
import static dev.errand.support.ScriptedMcp.text;
import static dev.errand.support.ScriptedMcp.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.egress.client.GuardedConnections;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ByteBudget;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolEgress;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolProgress;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class McpClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BYTES = 1_000_000;
  private static final String MODERN = "2026-07-28";
  private static final String LEGACY = "2025-11-25";

  @Inject McpClient client;
  @Inject GuardedConnections connections;
  @Inject McpMessages messages;
  @Inject Json json;

  private final ScriptedMcp server = new ScriptedMcp();
  private final List<ToolEgress> made = new ArrayList<>();
  private final List<ToolProgress> progress = new ArrayList<>();
  private boolean wantsProgress;
  private final ToolLog log =
      new ToolLog() {
        @Override
        public void line(int level, String line) {}

        @Override
        public void request(ToolEgress request) {
          made.add(request);
        }

        @Override
        public boolean wantsProgress() {
          return wantsProgress;
        }

        @Override
        public void progress(ToolProgress reached) {
          progress.add(reached);
        }
      };

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void allPagesAreListedAndToolsAreCalled(boolean modern, boolean streaming) throws Exception {
    server.modern(modern).streaming(streaming);
    server.tools(tool("a", ""), tool("b", ""), tool("c", ""), tool("d", ""), tool("e", ""));
    McpClient.Listing listing = client.list(endpoint(), PATIENCE, BYTES);
    assertEquals(modern ? MODERN : LEGACY, listing.revision());
    assertEquals(
        List.of("a", "b", "c", "d", "e"),
        listing.tools().stream().map(tool -> tool.path("name").asText()).toList());

    server.calls(request -> text("It is " + request.arguments().path("text").asText()));
    McpClient.Answer answer = call(listing.revision(), tool("a", ""), "x");
    assertEquals("It is x", answer.result().at("/content/0/text").asText());
    assertEquals("a-secret", server.requests("tools/call").getFirst().headers().get("x-key"));
  }

  @Test
  void headerFieldsMirrorTheBody() throws Exception {
    ObjectNode tool = tool("größe", "");
    ((ObjectNode) tool.at("/inputSchema/properties/text")).put("x-mcp-header", "Text");
    assertEquals("Done.", said(call(MODERN, tool, "naïve")));
    Map<String, String> headers = server.requests("tools/call").getFirst().headers();
    assertEquals(MODERN, headers.get("mcp-protocol-version"));
    assertEquals("tools/call", headers.get("mcp-method"));
    assertEquals("=?base64?Z3LDtsOfZQ==?=", headers.get("mcp-name"));
    assertEquals("=?base64?bmHDr3Zl?=", headers.get("mcp-param-text"));
    assertFalse(headers.containsKey("mcp-session-id"));
  }

  @Test
  void headerFieldsAreSentAgainAsTheServerWantsThemNow() throws Exception {
    ObjectNode marked = marked("Changed since");
    server.tools(tool("b", ""), tool("c", ""), marked).calls(McpClientTest::strict);
    McpClient.Answer answer = call(MODERN, tool("a", ""), "x");
    assertEquals("Done.", said(answer));
    assertTrue(answer.isReconnected());
    assertEquals(2, server.requests("tools/call").size());
    assertEquals(2, server.requests("tools/list").size());

    assertFalse(call(MODERN, marked, "x").isReconnected());
    assertEquals(3, server.requests("tools/call").size());
  }

  @Test
  void headerFieldsThatStayWrongAreTheServersWord() {
    server.tools(tool("a", "")).calls(McpClientTest::strict);
    assertEquals(McpFailure.ERROR, failing(repeatable("a")).kind());
    assertEquals(2, server.requests("tools/call").size());
    // It is gone, or its marks can't be followed.
    server.tools(tool("b", ""));
    assertTrue(failing(tool("a", "")).sentence().contains("-32020"));
    ObjectNode malformed = marked("");
    ((ObjectNode) malformed.at("/inputSchema/properties/text")).put("x-mcp-header", "a b");
    server.tools(malformed);
    assertTrue(failing(tool("a", "")).sentence().contains("-32020"));
    assertEquals(4, server.requests("tools/call").size());
  }

  private static ObjectNode marked(String description) {
    ObjectNode tool = tool("a", description);
    ((ObjectNode) tool.at("/inputSchema/properties/text")).put("x-mcp-header", "Text");
    return tool;
  }

  private static ScriptedMcp.Answer strict(ScriptedMcp.Request request) {
    return request.headers().containsKey("mcp-param-text")
        ? text("Done.")
        : error(400, -32_020, "Mcp-Param-Text is missing");
  }

  @Test
  void aSessionThatTheServerForgotIsReopened() throws Exception {
    server.modern(false);
    assertEquals("Done.", said(call(LEGACY, tool("a", ""), "")));
    assertFalse(call(LEGACY, tool("a", ""), "").isReconnected());
    server.restart();
    assertTrue(call(LEGACY, tool("a", ""), "").isReconnected());
    assertEquals(2, server.requests("initialize").size());
    assertEquals(2, server.requests("notifications/initialized").size());
  }

  @Test
  void aServerThatRefusesTheRevisionThatItNamesIsAskedOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    server.tools(tool("a", ""));
    server.before(
        request ->
            asked.incrementAndGet() > 1
                ? null
                : new ScriptedMcp.Answer(400, null, refusal("2025-11-25", MODERN), Map.of(), null));
    assertEquals(MODERN, client.list(endpoint(), PATIENCE, BYTES).revision());
    server.before(request -> new ScriptedMcp.Answer(400, null, refusal(MODERN), Map.of(), null));
    int before = server.requests().size();
    assertThrows(McpException.class, () -> client.list(endpoint(), PATIENCE, BYTES));
    assertEquals(before + 2, server.requests().size());
  }

  private static ObjectNode refusal(String... supported) {
    ObjectNode error =
        JSON.createObjectNode().put("code", -32_022).put("message", "Unsupported version");
    List.of(supported).forEach(error.putObject("data").putArray("supported")::add);
    return error;
  }

  @Test
  void aServerThatIsReplacedByAnotherKindIsFoundOut() throws Exception {
    server.modern(false);
    assertEquals(LEGACY, call(MODERN, tool("a", ""), "").revision());
    server.modern(true);
    assertEquals(MODERN, call(LEGACY, tool("a", ""), "").revision());
  }

  @Test
  void aNewerServerIsDistinguishedFromAnOlderOne() {
    server.before(
        request ->
            new ScriptedMcp.Answer(
                400,
                null,
                (ObjectNode)
                    JSON.createObjectNode()
                        .put("code", -32_022)
                        .set(
                            "data",
                            JSON.createObjectNode()
                                .set("supported", JSON.createArrayNode().add("2031-01-01"))),
                Map.of(),
                null));
    McpException e =
        assertThrows(McpException.class, () -> client.list(endpoint(), PATIENCE, BYTES));
    assertTrue(e.sentence().contains("no known revision of MCP"), e.sentence());
    assertEquals(0, server.requests("initialize").size());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 500, 503})
  void statusesUnrelatedToTheRevisionCauseNoFallback(int status) {
    server.before(request -> raw(status, "text/plain", out -> {}));
    assertThrows(McpException.class, () -> client.list(endpoint(), PATIENCE, BYTES));
    assertEquals(0, server.requests("initialize").size());
  }

  @Test
  void endlessPagesEnd() {
    server.before(
        request ->
            request.method().equals("tools/list")
                ? ScriptedMcp.result("{\"tools\": [], \"nextCursor\": \"again\"}")
                : null);
    McpException e =
        assertThrows(McpException.class, () -> client.list(endpoint(), PATIENCE, BYTES));
    assertTrue(e.sentence().contains("more than 50 pages"), e.sentence());
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-stream", "text/html"})
  void anAnswerOfAGigabyteIsCutOff(String type) {
    AtomicInteger written = new AtomicInteger();
    server.calls(
        request ->
            raw(
                200,
                type,
                out -> {
                  byte[] megabyte = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
                  for (int i = 0; i < 1024; i++) {
                    out.write(megabyte);
                    written.incrementAndGet();
                  }
                }));
    McpException e = failing(repeatable("a"));
    assertEquals(McpFailure.UNUSABLE, e.kind());
    assertTrue(e.sentence().contains("more than the"), e.sentence());
    assertTrue(written.get() < 100, written + " MiB were taken");
    assertEquals(1, server.requests("tools/call").size());
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() {
    CountDownLatch end = new CountDownLatch(1);
    server.calls(request -> raw(200, "text/event-stream", out -> awaited(end)));
    Duration patience = Duration.ofSeconds(1);
    McpException e = givenUp(patience);
    // A busy machine may not even have asked within that time.
    while (server.requests("tools/call").isEmpty()) {
      patience = patience.multipliedBy(2);
      e = givenUp(patience);
    }
    end.countDown();
    assertEquals(McpFailure.BROKEN, e.kind());
    assertTrue(e.sentence().endsWith("did not answer completely in time."), e.sentence());
  }

  private McpException givenUp(Duration patience) {
    return assertThrows(McpException.class, () -> call(MODERN, tool("a", ""), "", patience));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptCutsTheConnection(boolean modern) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> cut = new CompletableFuture<>();
    server
        .modern(modern)
        .calls(
            request ->
                raw(
                    200,
                    "text/event-stream",
                    out -> {
                      begun.countDown();
                      try {
                        while (true) {
                          out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
                          out.flush();
                        }
                      } finally {
                        cut.complete(null);
                      }
                    }));
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              try {
                var _ =
                    client.call(
                        endpoint(),
                        modern ? MODERN : LEGACY,
                        new McpClient.Call(
                            new McpTool(tool("a", "")),
                            JSON.createObjectNode(),
                            0,
                            null,
                            ToolLog.NONE),
                        PATIENCE,
                        Integer.MAX_VALUE);
              } catch (McpException | InterruptedException e) {
                ended.complete(e);
              }
            });
    begun.await();
    caller.interrupt();
    assertTrue(ended.get() instanceof InterruptedException);
    cut.get();
    if (!modern) {
      Eventually.await(
          "the server to be told", () -> !server.requests("notifications/cancelled").isEmpty());
      assertEquals(
          server.requests("tools/call").getFirst().body().get("id"),
          server.requests("notifications/cancelled").getFirst().body().at("/params/requestId"));
    }
  }

  @Test
  void redirectsStayWithinTheServer() throws Exception {
    server.before(request -> request.path().equals("/mcp") ? redirect(307, "/mcp/v2") : null);
    assertEquals("Done.", said(call(MODERN, tool("a", ""), "")));
    assertEquals("/mcp/v2", server.requests().getLast().path());
    assertEquals("a-secret", server.requests().getLast().headers().get("x-key"));

    for (String location :
        List.of("http://169.254.169.254/latest", "http://localhost:1/mcp", "https://127.0.0.1/")) {
      server.before(request -> redirect(308, location));
      assertTrue(
          failing(tool("a", "")).sentence().contains("redirects to another server"), location);
    }
    server.before(request -> redirect(302, "/mcp/v2"));
    assertEquals(McpFailure.UNUSABLE, failing(tool("a", "")).kind());
    server.before(request -> redirect(307, "/mcp"));
    assertTrue(failing(tool("a", "")).sentence().contains("redirects too often"));
  }

  @Test
  void streamsWithoutAnAnswerAreErrors() {
    server.calls(request -> events("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}"));
    McpException e = failing(tool("a", ""));
    assertEquals(McpFailure.BROKEN, e.kind());
    assertTrue(e.sentence().endsWith("ended its answer without a result."), e.sentence());
    assertEquals(1, server.requests("tools/call").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"jsonrpc\":", "nothing", "\"text\"", "17"})
  void malformedEventsAreErrors(String event) {
    server.calls(request -> events(event));
    McpException e = failing(tool("a", ""));
    assertEquals(McpFailure.UNUSABLE, e.kind());
    assertTrue(e.sentence().endsWith("sent an event that is not JSON."), e.sentence());
  }

  @Test
  void answersToOtherRequestsAreSkipped() throws Exception {
    server.calls(
        request ->
            events(
                "{\"jsonrpc\":\"2.0\",\"id\":-1,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":" + request.body().get("id") + ",\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + request.body().get("id")
                    + ",\"result\":{\"n\":1}}"));
    assertEquals(1, call(MODERN, tool("a", ""), "").result().path("n").asInt());
    assertEquals(0, server.requests("").size());
  }

  @Test
  void requestsOfAnOlderServerInItsStreamAreAnswered() throws Exception {
    server
        .modern(false)
        .calls(
            request ->
                raw(
                    200,
                    "text/event-stream",
                    out -> {
                      ask(out, "{\"id\":\"p-1\",\"method\":\"ping\"}");
                      ask(out, "{\"id\":7,\"method\":\"elicitation/create\",\"params\":{}}");
                      ask(out, "{\"method\":\"notifications/message\",\"params\":{}}");
                      Eventually.await("both answers", () -> server.requests("").size() == 2);
                      ask(
                          out,
                          "{\"id\":%s,\"result\":{\"n\":1}}".formatted(request.body().get("id")));
                    }));
    assertEquals(1, call(LEGACY, tool("a", ""), "").result().path("n").asInt());
    ObjectNode answers = JSON.createObjectNode();
    for (ScriptedMcp.Request answer : server.requests("")) {
      assertEquals(
          server.requests("tools/call").getFirst().headers().get("mcp-session-id"),
          answer.headers().get("mcp-session-id"));
      assertEquals("a-secret", answer.headers().get("x-key"));
      answers.set(answer.body().path("id").toString(), answer.body());
    }
    assertEquals(JSON.createObjectNode(), answers.path("\"p-1\"").path("result"));
    assertEquals(-32_601, answers.path("7").at("/error/code").asInt());
  }

  @Test
  void aServerThatAsksWithoutAnEndIsNotAnsweredWithoutOne() throws Exception {
    server
        .modern(false)
        .calls(
            request ->
                raw(
                    200,
                    "text/event-stream",
                    out -> {
                      for (int i = 0; i < 1000; i++) {
                        ask(out, "{\"id\":%d,\"method\":\"ping\"}".formatted(i));
                      }
                      Eventually.await("answers", () -> server.requests("").size() == 100);
                      ask(
                          out,
                          "{\"id\":%s,\"result\":{\"n\":1}}".formatted(request.body().get("id")));
                    }));
    assertEquals(1, call(LEGACY, tool("a", ""), "").result().path("n").asInt());
    assertEquals(100, server.requests("").size());
  }

  // SEP-1699.
  @Test
  void aStreamThatIsClosedEarlyIsGoneOnWith() throws Exception {
    AtomicLong closed = new AtomicLong();
    AtomicLong askedAgain = new AtomicLong();
    AtomicReference<JsonNode> id = new AtomicReference<>();
    server
        .modern(false)
        .calls(
            request -> {
              id.set(request.body().get("id"));
              closed.set(System.nanoTime());
              return stream("id: e-1\nretry: 700\ndata: \n\n");
            })
        .gets(
            request -> {
              String from = request.headers().get("last-event-id");
              if (from == null) {
                return raw(405, "text/plain", out -> {});
              }
              if (from.equals("e-1")) {
                askedAgain.set(System.nanoTime());
                return stream("id: e-2\ndata: {\"id\":5,\"method\":\"ping\"}\n\n");
              }
              return stream("data: {\"id\":" + id + ",\"result\":{\"n\":1}}\n\n");
            });
    assertEquals(1, call(LEGACY, tool("a", ""), "").result().path("n").asInt());
    assertTrue(askedAgain.get() - closed.get() >= 700_000_000, "It came back too early.");
    List<ScriptedMcp.Request> back =
        server.got().stream().filter(got -> got.headers().containsKey("last-event-id")).toList();
    assertEquals(
        List.of("e-1", "e-2"),
        back.stream().map(got -> got.headers().get("last-event-id")).toList());
    ScriptedMcp.Request called = server.requests("tools/call").getFirst();
    for (ScriptedMcp.Request request : back) {
      assertEquals(called.headers().get("mcp-session-id"), request.headers().get("mcp-session-id"));
      assertEquals(LEGACY, request.headers().get("mcp-protocol-version"));
      assertEquals("a-secret", request.headers().get("x-key"));
      assertEquals("text/event-stream", request.headers().get("accept"));
    }
    Eventually.await("its ping to be answered", () -> server.requests("").size() == 1);
    assertEquals(
        List.of("GET", "GET"),
        made.stream().map(ToolEgress::method).filter(method -> method.equals("GET")).toList());
  }

  @Test
  void aStreamIsNotGoneOnWithAfterTheTimeOfItsCall() {
    server.modern(false).calls(request -> stream("id: e-1\nretry: 3600000\ndata: \n\n"));
    McpException e =
        assertThrows(McpException.class, () -> call(LEGACY, tool("a", ""), "", PATIENCE));
    assertEquals(McpFailure.BROKEN, e.kind());
    assertTrue(e.sentence().endsWith("did not answer completely in time."), e.sentence());
    assertTrue(server.got().stream().noneMatch(got -> got.headers().containsKey("last-event-id")));
    Eventually.await(
        "the server to be told", () -> !server.requests("notifications/cancelled").isEmpty());
  }

  @Test
  void aServerThatHasNoRestOfItsAnswerGaveNone() {
    server.modern(false).calls(request -> stream("id: e-1\ndata: \n\n"));
    McpException e = assertThrows(McpException.class, () -> call(LEGACY, tool("a", ""), ""));
    assertEquals(McpFailure.BROKEN, e.kind());
    assertTrue(e.sentence().endsWith("ended its answer without a result."), e.sentence());
    // In 2026-07-28 there is nothing to go on with.
    server.modern(true);
    int before = server.got().size();
    assertEquals(McpFailure.BROKEN, failing(tool("a", "")).kind());
    assertEquals(before, server.got().size());
  }

  private static ScriptedMcp.Answer stream(String events) {
    return raw(200, "text/event-stream", out -> out.write(events.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void requestsOfAnOlderServerOutsideTheCallAreAnswered() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    server
        .modern(false)
        .gets(
            request ->
                raw(
                    200,
                    "text/event-stream",
                    out -> {
                      out.write(": open\n\n".getBytes(StandardCharsets.UTF_8));
                      out.flush();
                      awaited(called);
                      ask(out, "{\"id\":8,\"method\":\"roots/list\"}");
                      ask(out, "[{\"id\":9,\"method\":\"ping\"}]");
                      awaited(end);
                    }))
        .calls(
            request -> {
              called.countDown();
              Eventually.await("both answers", () -> server.requests("").size() == 2);
              return text("Done.");
            });
    try {
      assertEquals("Done.", said(call(LEGACY, tool("a", ""), "")));
      assertEquals("Done.", said(call(LEGACY, tool("a", ""), "")));
    } finally {
      end.countDown();
    }
    ObjectNode answers = JSON.createObjectNode();
    server
        .requests("")
        .forEach(answer -> answers.set(answer.body().path("id").asText(), answer.body()));
    assertEquals(-32_601, answers.at("/8/error/code").asInt(), answers::toString);
    assertTrue(answers.at("/8/error/message").asText().contains("unattended"));
    assertEquals(JSON.createObjectNode(), answers.at("/9/result"));
    assertEquals(1, server.got().size(), "The stream stays open from call to call.");
    assertEquals(
        server.requests("tools/call").getFirst().headers().get("mcp-session-id"),
        server.got().getFirst().headers().get("mcp-session-id"));
  }

  @Test
  void aServerWithoutSuchAStreamIsAskedForItOnce() throws Exception {
    server.modern(false);
    call(LEGACY, tool("a", ""), "");
    call(LEGACY, tool("a", ""), "");
    assertEquals(1, server.got().size());
    server.modern(true);
    call(MODERN, tool("a", ""), "");
    assertEquals(1, server.got().size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void progressIsPassedOnToWhoWantsIt(boolean modern) throws Exception {
    server
        .modern(modern)
        .calls(
            request -> {
              JsonNode token = request.body().at("/params/_meta/progressToken");
              return events(
                  reached("{\"progressToken\":\"other\",\"progress\":1}"),
                  reached(
                      "{\"progressToken\":%s,\"progress\":0.5,\"total\":2,\"message\":\"Half\"}"
                          .formatted(token.isMissingNode() ? "0" : token)),
                  reached("{\"progressToken\":%s}".formatted(token.isMissingNode() ? 0 : token)),
                  "{\"id\":%s,\"result\":{\"n\":1}}".formatted(request.body().get("id")));
            });
    String revision = modern ? MODERN : LEGACY;
    call(revision, tool("a", ""), "");
    assertEquals(List.of(), progress);
    assertFalse(
        server.requests("tools/call").getFirst().body().at("/params/_meta").has("progressToken"));
    wantsProgress = true;
    call(revision, tool("a", ""), "");
    assertEquals(List.of(new ToolProgress(0.5, 2.0, "Half")), progress);
  }

  private static String reached(String params) {
    return "{\"method\":\"notifications/progress\",\"params\":" + params + "}";
  }

  private static ObjectNode task(String name) {
    ObjectNode task = tool(name, "");
    task.putObject("execution").put("taskSupport", "required");
    return task;
  }

  private static String state(boolean modern, String status) {
    return "{\"taskId\":\"t/1\",\"status\":\"%s\",\"%s\":1}"
        .formatted(status, modern ? "pollIntervalMs" : "pollInterval");
  }

  private static ScriptedMcp.Answer made(boolean modern, String status) {
    return ScriptedMcp.result(
        modern
            ? state(true, status).replaceFirst("\\{", "{\"resultType\":\"task\",")
            : "{\"task\":" + state(false, status) + "}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallThatTheServerMakesATaskIsWaitedFor(boolean modern) throws Exception {
    AtomicInteger polled = new AtomicInteger();
    server
        .modern(modern)
        .tasks(true)
        .calls(
            request ->
                switch (request.method()) {
                  case "tools/call" -> made(modern, "working");
                  case "tasks/get" ->
                      polled.incrementAndGet() == 1
                          ? ScriptedMcp.result(state(modern, "working"))
                          : ScriptedMcp.result(
                              state(modern, "completed")
                                  .replaceFirst("\\{", "{\"result\":{\"n\":1},"));
                  case "tasks/result" -> ScriptedMcp.result("{\"n\":1}");
                  default -> error(200, -32_603, "Not expected");
                });
    McpClient.Answer answer = call(modern ? MODERN : LEGACY, task("a"), "");
    assertEquals(1, answer.result().path("n").asInt());
    assertEquals(2, polled.get());
    JsonNode params = server.requests("tools/call").getFirst().body().path("params");
    assertEquals(modern, params.path("task").isMissingNode(), params::toString);
    ScriptedMcp.Request poll = server.requests("tasks/get").getFirst();
    assertEquals("t/1", poll.body().at("/params/taskId").asText());
    if (modern) {
      assertEquals("t/1", poll.headers().get("mcp-name"));
      assertTrue(
          params
              .path("_meta")
              .path("io.modelcontextprotocol/clientCapabilities")
              .path("extensions")
              .path("io.modelcontextprotocol/tasks")
              .isObject(),
          params::toString);
    } else {
      long ttl = params.at("/task/ttl").asLong();
      assertTrue(ttl > 0 && ttl <= PATIENCE.toMillis(), params::toString);
    }
    assertEquals(List.of(), server.requests("tasks/cancel"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTaskThatTakesTooLongIsCancelled(boolean modern) {
    server
        .modern(modern)
        .tasks(true)
        .calls(
            request ->
                request.method().equals("tools/call")
                    ? made(modern, "working")
                    : ScriptedMcp.result(state(modern, "working")));
    McpException e =
        assertThrows(
            McpException.class,
            () -> call(modern ? MODERN : LEGACY, task("a"), "", Duration.ofSeconds(3)));
    assertEquals(McpFailure.BROKEN, e.kind());
    assertTrue(e.sentence().contains(" in time"), e.sentence());
    Eventually.await("the cancel", () -> server.requests("tasks/cancel").size() == 1);
    assertEquals(1, server.requests("tools/call").size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTaskIsCancelledWithItsCall(boolean modern) throws Exception {
    server
        .modern(modern)
        .tasks(true)
        .calls(
            request ->
                request.method().equals("tools/call")
                    ? made(modern, "working")
                    : ScriptedMcp.result(state(modern, "working")));
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              try {
                var _ = call(modern ? MODERN : LEGACY, task("a"), "");
              } catch (McpException | InterruptedException e) {
                ended.complete(e);
              }
            });
    Eventually.await("a poll", () -> !server.requests("tasks/get").isEmpty());
    caller.interrupt();
    assertTrue(ended.get() instanceof InterruptedException);
    Eventually.await("the cancel", () -> server.requests("tasks/cancel").size() == 1);
  }

  @Test
  void aTaskThatWantsInputOrFailsSaysSo() throws Exception {
    AtomicReference<String> state = new AtomicReference<>("");
    server.calls(
        request ->
            request.method().equals("tools/call")
                ? made(true, "working")
                : ScriptedMcp.result(state.get()));
    state.set(
        state(true, "input_required")
            .replaceFirst(
                "\\{", "{\"inputRequests\":{\"a\":{\"method\":\"elicitation/create\"}},"));
    JsonNode lacking = call(MODERN, tool("a", ""), "").result();
    assertEquals("input_required", lacking.path("resultType").asText());
    assertEquals("elicitation/create", lacking.at("/inputRequests/a/method").asText());
    Eventually.await("the cancel", () -> server.requests("tasks/cancel").size() == 1);

    state.set(state(true, "failed").replaceFirst("\\{", "{\"error\":{\"message\":\"No paper\"},"));
    McpException e = failing(repeatable("a"));
    assertEquals(McpFailure.ERROR, e.kind());
    assertTrue(e.sentence().endsWith("failed: No paper"), e.sentence());
    state.set(state(true, "cancelled"));
    assertEquals(McpFailure.ERROR, failing(repeatable("a")).kind());
    state.set("{}");
    assertEquals(McpFailure.UNUSABLE, failing(repeatable("a")).kind());
    assertEquals(4, server.requests("tools/call").size());
  }

  // The server sends its requests in the stream of the result, where they are refused.
  @Test
  void anOlderTaskThatWantsInputIsAskedForItsResult() throws Exception {
    server
        .modern(false)
        .tasks(true)
        .calls(
            request ->
                switch (request.method()) {
                  case "tools/call" -> made(false, "working");
                  case "tasks/get" -> ScriptedMcp.result(state(false, "input_required"));
                  default ->
                      raw(
                          200,
                          "text/event-stream",
                          out -> {
                            ask(out, "{\"id\":7,\"method\":\"elicitation/create\"}");
                            Eventually.await("the answer", () -> server.requests("").size() == 1);
                            ask(
                                out,
                                "{\"id\":%s,\"result\":{\"n\":1}}"
                                    .formatted(request.body().get("id")));
                          });
                });
    assertEquals(1, call(LEGACY, task("a"), "").result().path("n").asInt());
    assertEquals(-32_601, server.requests("").getFirst().body().at("/error/code").asInt());
  }

  @Test
  void aToolThatOnlyRunsAsATaskIsNotCalledWhereThereAreNone() {
    server.modern(false);
    McpException e = assertThrows(McpException.class, () -> call(LEGACY, task("a"), ""));
    assertEquals(McpFailure.ERROR, e.kind());
    assertEquals(List.of(), server.requests("tools/call"));
  }

  private static void ask(OutputStream out, String message) throws IOException {
    out.write(("data: " + message + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Test
  void deepJsonIsRefused() {
    server.calls(
        request ->
            raw(
                200,
                "application/json",
                out -> out.write("[".repeat(500_000).getBytes(StandardCharsets.UTF_8))));
    assertEquals(McpFailure.UNUSABLE, failing(tool("a", "")).kind());
  }

  @Test
  void onlyWhatDoesNoHarmIsTriedAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    server.calls(
        request -> calls.getAndIncrement() == 0 ? raw(503, "text/plain", out -> {}) : text("Ok."));
    assertEquals(McpFailure.BUSY, failing(tool("a", "")).kind());
    assertEquals(1, calls.get());
    calls.set(0);
    assertEquals("Ok.", said(call(MODERN, repeatable("a"), "")));
    assertEquals(2, calls.get());
  }

  @Test
  void errorsOfTheProtocolAreTheServersWord() {
    server.calls(request -> error(200, -32_602, "Unknown tool: a"));
    McpException e = failing(repeatable("a"));
    assertEquals(McpFailure.ERROR, e.kind());
    assertTrue(
        e.sentence().endsWith("answered with the error -32602: Unknown tool: a"), e.sentence());
    assertEquals(1, server.requests("tools/call").size());
  }

  @Test
  void anUnreachableServerIsRetriedAndReported() {
    server.close();
    assertEquals(McpFailure.UNREACHED, failing(tool("a", "")).kind());
  }

  @Test
  void eachRequestIsObserved() throws Exception {
    server.tools(tool("a", ""));
    call(MODERN, tool("a", ""), "x");
    assertEquals(1, made.size());
    ToolEgress told = made.removeFirst();
    assertEquals("127.0.0.1", told.host());
    assertEquals("POST", told.method());
    assertEquals(200, told.status());
    assertTrue(told.bytes() > 20, told::toString);
    server.close();
    failing(tool("a", ""));
    assertFalse(made.isEmpty());
    assertEquals(null, made.getLast().status());
    assertTrue(made.getLast().failed() != null, made::toString);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void answersAreParsedWithinTheMemoryForThem(boolean modern, boolean streaming) throws Exception {
    ByteBudget budget = new ByteBudget(1024 * 1024);
    McpClient own = within(budget);
    server.modern(modern).streaming(streaming);
    String revision = modern ? MODERN : LEGACY;
    try (McpClient.Answer answer = call(own, revision, tool("a", ""), "x", PATIENCE)) {
      assertEquals("Done.", said(answer));
      assertTrue(budget.used() > 0, "Nothing is held for the answer.");
    }
    assertEquals(0, budget.used());

    server.calls(request -> zeros(100_000));
    McpException e =
        assertThrows(McpException.class, () -> call(own, revision, tool("a", ""), "x", PATIENCE));
    assertEquals(McpFailure.UNUSABLE, e.kind());
    assertTrue(e.sentence().contains(" was not read. It would take "), e.sentence());
    assertTrue(e.sentence().endsWith(" or raise errand.memory.parse-budget."), e.sentence());
    assertEquals(0, budget.used());
  }

  private static ScriptedMcp.Answer zeros(int number) {
    ObjectNode result = JSON.createObjectNode().put("resultType", "complete");
    ArrayNode content = result.putArray("content");
    for (int i = 0; i < number; i++) {
      content.add(0);
    }
    return new ScriptedMcp.Answer(200, result, null, Map.of(), null);
  }

  private McpClient within(ByteBudget budget) {
    StreamableHttp transport = new StreamableHttp(connections, json, budget);
    McpRequests requests =
        new McpRequests(transport, new McpSessions(transport, messages), messages, json);
    return new McpClient(requests, new TaskPolling(requests, json), json);
  }

  @Test
  void secretsAreInNoText() {
    List<Object> texts = new ArrayList<>(List.of(endpoint()));
    assertFalse(texts.toString().contains("a-secret"), texts.toString());
  }

  private McpEndpoint endpoint() {
    return new McpEndpoint(server.url(), Map.of("X-Key", "a-secret"));
  }

  private McpException failing(ObjectNode tool) {
    return assertThrows(McpException.class, () -> call(MODERN, tool, ""));
  }

  private McpClient.Answer call(String revision, ObjectNode tool, String text)
      throws McpException, InterruptedException {
    return call(client, revision, tool, text, PATIENCE);
  }

  private McpClient.Answer call(String revision, ObjectNode tool, String text, Duration time)
      throws McpException, InterruptedException {
    return call(client, revision, tool, text, time);
  }

  private McpClient.Answer call(
      McpClient by, String revision, ObjectNode tool, String text, Duration time)
      throws McpException, InterruptedException {
    return by.call(
        endpoint(),
        revision,
        new McpClient.Call(
            new McpTool(tool), JSON.createObjectNode().put("text", text), 0, null, log),
        time,
        BYTES);
  }

  private static String said(McpClient.Answer answer) {
    JsonNode content = answer.result().at("/content/0/text");
    return content.asText();
  }

  private static void awaited(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
