package dev.errand.models.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.base.turn.RunChecks;
import dev.errand.base.turn.WorkOwner;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Runners;
import dev.errand.models.port.Transcript;
import dev.errand.models.port.Usage;
import dev.errand.models.price.Prices;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop, the client and the bounds know nothing of a vendor: one that there is not fits in. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OtherVendorTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CALLS =
      """
      {"parts": [{"kind": "thought", "seal": "c2VhbA==", "text": null, "notes": []},
                 {"kind": "text", "text": "Let me see."},
                 {"kind": "use", "ref": "u1", "function": "add", "input": {"a": 1.50}, "x": {}}],
       "end": "use", "spent": {"read": 10, "written": 5}}""";
  private static final String LAST =
      """
      {"parts": [{"kind": "text", "text": "It is 42."}], "end": "done",
       "spent": {"read": 20, "written": 7}}""";

  @Inject ModelClient client;
  @Inject ModelEndpoints endpoints;
  @Inject RequestSizes sizes;
  @Inject RetryPolicy retries;
  @Inject MessageForm form;
  @Inject RunEntryCodec codec;
  @Inject Prices prices;
  @Inject Json json;
  @Inject ToolCalls toolCalls;
  @Inject RunChecks checks;
  @Inject Clock clock;

  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final Steps steps = new Steps();
  private HttpServer server;

  private record Reply(int status, String type, String body) {
    static Reply of(String json) {
      return new Reply(200, "application/json", json);
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v9/turns", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      assertEquals("a-key", exchange.getRequestHeaders().getFirst("x-secret"));
      asked.add(JSON.readTree(exchange.getRequestBody()));
      Reply reply = replies.remove();
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", reply.type());
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void itsModelCallsAToolAndItsPartsGoBackAsTheyCame() throws Exception {
    replies.add(Reply.of(CALLS));
    replies.add(Reply.of(LAST));
    Outcome.Ready ready = assertInstanceOf(Outcome.Ready.class, run(prompt(), false));

    assertEquals("It is 42.", ready.lastMessage().output());
    assertEquals(
        JSON.readTree(
            """
            {"engine": "m", "instructions": "Be brief.",
             "turns": [{"from": "user", "parts": [{"kind": "text", "text": "Hello"}]}],
             "functions": [{"name": "add", "about": "Adds.", "shape": {"type": "object"}},
                           {"name": "draw", "about": "Draws.", "shape": {}}]}"""),
        asked.getFirst());
    JsonNode turns = asked.getLast().path("turns");
    assertEquals(JSON.readTree(CALLS).path("parts"), turns.path(1).path("parts"));
    assertEquals(
        JSON.readTree(
            """
            {"from": "user", "parts": [{"kind": "result", "ref": "u1", "text": "{\\"a\\":1.50}"}]}"""),
        turns.path(2));
    assertEquals(
        JSON.readTree(
            """
            {"role": "assistant", "content": "Let me see.",
             "tool_calls": [{"id": "u1", "type": "function",
                             "function": {"name": "add", "arguments": "{\\"a\\":1.50}"}}]}"""),
        MessageForm.of(steps.messages.getFirst()),
        "what a run shows has one form");
    assertEquals(2, ready.usage().steps());
    assertEquals(42, ready.usage().totalTokens());
  }

  @Test
  void severalPartsOfATurnAreAnsweredInOneMessageOfTheUser() throws Exception {
    String parts =
        """
        {"parts": [{"kind": "text", "text": "First "},
                   {"kind": "use", "ref": "u1", "function": "add", "input": {"a": 1}},
                   {"kind": "thought", "seal": "s"}, {"kind": "text", "text": "and second."},
                   {"kind": "use", "ref": "u2", "function": "draw", "input": {}}]}""";
    replies.add(Reply.of(parts));
    replies.add(Reply.of(LAST));
    run(prompt(), false);

    Message.Assistant message = (Message.Assistant) steps.messages.getFirst();
    assertEquals("First and second.", message.text());
    assertEquals(
        List.of("u1", "u2"), message.toolCalls().stream().map(Message.ToolCall::id).toList());
    assertEquals(
        JSON.readTree(
            """
            [{"from": "user", "parts": [{"kind": "text", "text": "Hello"}]},
             {"from": "engine", "parts": %s},
             {"from": "user", "parts": [
               {"kind": "result", "ref": "u1", "text": "{\\"a\\":1}"},
               {"kind": "result", "ref": "u2", "text": "[picture 1 of this call, shown below]"},
               {"kind": "picture", "type": "image/png", "bytes": "AAAA"}]}]"""
                .formatted(JSON.readTree(parts).path("parts"))),
        asked.getLast().path("turns"));
  }

  @Test
  void aStoredConversationGoesBackAsItCame() throws Exception {
    replies.add(Reply.of(CALLS));
    replies.add(Reply.of(LAST));
    run(prompt(), false);
    RunEntry.Answer answer =
        new RunEntry.Answer((Message.Assistant) steps.messages.getFirst(), null);
    List<Message> stored = new ArrayList<>(prompt());
    stored.add(((RunEntry.Answer) codec.read(codec.write(answer)).entry()).message());
    replies.add(Reply.of(LAST));
    run(stored, false);

    assertEquals(asked.get(1).path("turns").toString(), asked.getLast().path("turns").toString());
    assertEquals(
        JSON.readTree(CALLS).path("parts"), asked.getLast().at("/turns/1/parts"), "and unchanged");
  }

  @Test
  void tokensThatItsCacheReadsAndWritesAreTokensOfThePrompt() throws Exception {
    replies.add(
        Reply.of(
            """
            {"parts": [], "spent": {"read": 1, "recalled": 20, "memorized": 300, "written": 4000,
             "pondered": 5}}"""));
    Usage used = run(prompt(), false).usage();

    assertEquals(321, used.promptTokens());
    assertEquals(20, used.cachedTokens());
    assertEquals(300, used.cacheWriteTokens());
    assertEquals(4000, used.completionTokens());
    assertEquals(4321, used.totalTokens());
    assertEquals(5, used.reasoningTokens());
  }

  @Test
  void aConversationContinuesWithAnotherVendor() throws Exception {
    ObjectNode message =
        (ObjectNode)
            JSON.readTree(
                """
                {"role": "assistant", "content": "Hm.", "tool_calls": [{"id": "c1",
                 "type": "function", "function": {"name": "add", "arguments": "{}"}}]}""");
    List<Message> before = new ArrayList<>(prompt());
    before.add(
        form.assistant(message, new Message.Original("openai", JSON.readTree("{\"unknown\": 1}"))));
    replies.add(Reply.of(LAST));
    run(before, false);

    assertEquals(
        JSON.readTree(
            """
            [{"kind": "text", "text": "Hm."},
             {"kind": "use", "ref": "c1", "function": "add", "input": {}}]"""),
        asked.getFirst().at("/turns/1/parts"));
  }

  @Test
  void itsStreamsAreReadAlong() throws Exception {
    replies.add(
        new Reply(
            200,
            "text/event-stream",
            """
            data: {"part": {"kind": "thought", "seal": "s"}}

            data: {"more": "It is "}

            data: {"more": "42."}

            data: {"end": "full", "spent": {"read": 1, "written": 2}}

            """));
    Outcome.Ready ready = assertInstanceOf(Outcome.Ready.class, run(prompt(), true));

    assertEquals("It is 42.", ready.lastMessage().output());
    assertEquals(List.of("It is ", "42."), steps.deltas);
    assertEquals("full", ready.finishReason());
    assertEquals("s", ready.lastMessage().sentBy("abacus").orElseThrow().at("/0/seal").asText());
  }

  @Test
  void itsErrorsAreTriedAgainOrEndTheRun() throws Exception {
    replies.add(new Reply(529, "application/json", "{\"fault\": {\"why\": \"Too busy.\"}}"));
    replies.add(new Reply(400, "application/json", "{\"fault\": {\"code\": \"broke\"}}"));
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(prompt(), false));

    assertEquals(RunError.QUOTA_EXCEEDED, failed.failure());
    RunWarning.FailedAttempt tried =
        assertInstanceOf(RunWarning.FailedAttempt.class, steps.warnings.getFirst());
    assertEquals(true, tried.sentence().endsWith("failed (status 529). It said: Too busy."));
  }

  private Outcome run(List<Message> conversation, boolean isStreamed) throws InterruptedException {
    ModelPorts ports =
        new ModelPorts(
            new Runners(List.of(new OtherVendorPort(client, endpoints, prices)), json),
            endpoints,
            clock);
    ModelStep step = new ModelStep(ports, sizes, retries, new ElapsedClock());
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v9";
    AbacusSettings settings =
        new AbacusSettings("Hello", "m", "Be brief.", null, isStreamed, null, url, Map.of());
    Duration time = Duration.ofMinutes(5);
    return new ToolLoop(step, toolCalls, checks, new ElapsedClock())
        .run(
            new Assignment(
                settings,
                "a-key",
                () -> List.of(new Echo(), new Draw()),
                new Bounds(
                    ElapsedClock.now().plus(time), time, 9, 999, 1, 9, 3, Set.of(), Set.of()),
                new Transcript(conversation, 0, 0, Set.of(), List.of(), 0),
                Usage.NONE,
                null,
                null,
                ApprovalRules.NONE,
                false,
                WorkOwner.NOBODY),
            steps);
  }

  private static List<Message> prompt() {
    return List.of(new Message.User("Hello"));
  }

  /** Answers with its arguments. */
  private record Echo() implements Tool {
    @Override
    public ToolSpec spec() {
      return new ToolSpec("add", "Adds.", JSON.createObjectNode().put("type", "object"));
    }

    @Override
    public ToolResult call(ToolCall call) {
      return ToolResult.text(call.arguments().toString());
    }
  }

  /** Answers with a picture. */
  private record Draw() implements Tool {
    @Override
    public ToolSpec spec() {
      return new ToolSpec("draw", "Draws.", JSON.createObjectNode());
    }

    @Override
    public ToolResult call(ToolCall call) {
      return new ToolResult(List.of(new Content.Image("AAAA", "image/png")), false);
    }
  }

  /** Keeps what it is told. */
  private static final class Steps implements RunListener {
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final List<String> deltas = new CopyOnWriteArrayList<>();
    private final List<RunWarning> warnings = new CopyOnWriteArrayList<>();

    @Override
    public boolean isHeld() {
      return true;
    }

    @Override
    public void assistantMessage(
        Message.Assistant message, Usage.Step used, Usage usage, List<RunWarning> nearing) {
      messages.add(message);
    }

    @Override
    public void repair(
        Message.Assistant message,
        Usage.Step used,
        Message.User request,
        Usage usage,
        List<RunWarning> nearing) {
      throw new AssertionError(request);
    }

    @Override
    public void toolResult(ToolEnd end, Usage usage, List<RunWarning> nearing) {
      messages.add(end.result());
    }

    @Override
    public void warning(RunWarning warning, Usage usage) {
      warnings.add(warning);
    }

    @Override
    public void delta(String text) {
      deltas.add(text);
    }

    @Override
    public void toolLog(String tool, int level, String line) {
      throw new AssertionError(line);
    }
  }
}
