package dev.errand.models.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.models.output.SchemaCheck;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Turn.Incomplete;
import dev.errand.models.port.Usage;
import dev.errand.models.price.Prices;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.models.wire.RetryHints;
import dev.errand.models.wire.ServerError;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vendor that there is not: its messages are lists of parts, the results of a turn stand in a
 * message of the user, the system text is a field of its own, it counts what it reads from its
 * cache and writes to it apart from the rest, and its streams have parts and texts. A service knows
 * its runner where {@value #SWITCH} says so.
 */
@ApplicationScoped
@IfBuildProperty(name = OtherVendorPort.SWITCH, stringValue = "true")
class OtherVendorPort implements ModelPort<AbacusSettings>, AnswerParser {
  static final String RUNNER = AbacusSettings.RUNNER;

  /** The build property that adds the runner. */
  static final String SWITCH = "errand.test.other-vendor";

  /** The configured server, at which nobody answers. */
  static final String CONFIGURED = "http://127.0.0.1:8/v9";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ModelClient client;
  private final ModelEndpoints endpoints;
  private final Prices prices;

  OtherVendorPort(ModelClient client, ModelEndpoints endpoints, Prices prices) {
    this.client = client;
    this.endpoints = endpoints;
    this.prices = prices;
  }

  @Override
  public String runner() {
    return RUNNER;
  }

  @Override
  public String title() {
    return "Turns of the abacus";
  }

  @Override
  public List<String> inputs() {
    return List.of("beads", "frame.wood", "flow");
  }

  @Override
  public Class<AbacusSettings> settings() {
    return AbacusSettings.class;
  }

  @Override
  public void checkOutput(AbacusSettings settings, ObjectNode schema) {
    SchemaCheck.refuse(schema, Set.of("minimum", "maximum"), RUNNER);
  }

  @Override
  public URI configuredEndpoint() {
    return URI.create(CONFIGURED);
  }

  @Override
  public String catalogPath() {
    return "engines";
  }

  @Override
  public Optional<List<ListedModel>> catalog(JsonNode answer) {
    return answer.isArray()
        ? Optional.of(answer.valueStream().map(name -> new ListedModel(name.asText())).toList())
        : Optional.empty();
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("x-secret", key);
  }

  @Override
  public ModelAnswer ask(Question<AbacusSettings> question, RunListener listener)
      throws InterruptedException {
    return client.ask(call(question), this, listener);
  }

  @Override
  public ModelRequest request(Question<AbacusSettings> question) {
    return call(question).request();
  }

  private ModelCall call(Question<AbacusSettings> question) {
    return new ModelCall(
        question,
        endpoints.of(question.settings()),
        "turns",
        headers(question.key()),
        () -> body(question));
  }

  private static ObjectNode body(Question<AbacusSettings> question) {
    AbacusSettings settings = question.settings();
    ObjectNode request = JSON.createObjectNode().put("engine", settings.model());
    request.put("instructions", settings.system());
    if (settings.beads() != null) {
      request.put("beads", settings.beads());
    }
    if (Boolean.TRUE.equals(settings.flow())) {
      request.put("flow", true);
    }
    ArrayNode turns = request.putArray("turns");
    for (Message message : question.conversation()) {
      switch (message) {
        case Message.Instructions system -> request.put("instructions", system.text());
        case Message.User user -> {
          ArrayNode parts = partsFrom("user", turns);
          text(user.text(), parts);
          user.pictures().forEach(picture -> picture(picture, parts));
        }
        case Message.Assistant assistant ->
            partsFrom("engine", turns)
                .addAll(
                    assistant
                        .sentBy(RUNNER)
                        .map(ArrayNode.class::cast)
                        .orElseGet(() -> parts(assistant)));
        case Message.ToolResult result -> {
          ArrayNode parts = partsFrom("user", turns);
          parts
              .addObject()
              .put("kind", "result")
              .put("ref", result.callId())
              .put("text", result.text());
          result.pictures().forEach(picture -> picture(picture, parts));
        }
      }
    }
    for (ToolSpec tool : question.tools()) {
      request
          .withArray("functions")
          .addObject()
          .put("name", tool.name())
          .put("about", tool.description())
          .set("shape", tool.inputSchema());
    }
    return request;
  }

  // No two turns of the same side follow each other.
  private static ArrayNode partsFrom(String side, ArrayNode turns) {
    JsonNode last = turns.path(turns.size() - 1);
    return last.path("from").asText().equals(side)
        ? (ArrayNode) last.path("parts")
        : turns.addObject().put("from", side).putArray("parts");
  }

  // The message of another vendor.
  private static ArrayNode parts(Message.Assistant message) {
    ArrayNode parts = JSON.createArrayNode();
    if (!message.output().isEmpty()) {
      text(message.output(), parts);
    }
    for (Message.ToolCall call : message.toolCalls()) {
      parts
          .addObject()
          .put("kind", "use")
          .put("ref", call.id())
          .put("function", call.name())
          .set("input", call.arguments());
    }
    return parts;
  }

  private static void text(String text, ArrayNode parts) {
    parts.addObject().put("kind", "text").put("text", text);
  }

  private static void picture(Content.Image picture, ArrayNode parts) {
    parts
        .addObject()
        .put("kind", "picture")
        .put("type", picture.mimeType())
        .put("bytes", picture.data());
  }

  @Override
  public ModelAnswer read(ModelCall call, JsonNode answer, long tookMs) {
    if (answer.has("fault")) {
      JsonNode fault = answer.path("fault");
      return ServerError.inAnswer(fault.path("status").asInt(), meaning(fault), why(fault))
          .of(call, RetryHints.NONE, tookMs);
    }
    Usage.Step used = used(call, answer.path("spent"), tookMs);
    if (!answer.path("parts").isArray()) {
      return new ModelAnswer.TemporaryFailure(
          RunError.MODEL_ANSWER_INVALID, call.host() + " answered no parts.", null, used);
    }
    StringBuilder text = new StringBuilder();
    String refusal = null;
    List<Message.ToolCall> calls = new ArrayList<>();
    for (JsonNode part : answer.path("parts")) {
      switch (part.path("kind").asText()) {
        case "text" -> text.append(part.path("text").asText());
        case "no" -> refusal = part.path("text").asText();
        case "use" ->
            calls.add(
                new Message.ToolCall(
                    part.path("ref").asText(), part.path("function").asText(), part.path("input")));
        default -> {} // What the engine keeps for itself goes back to it and nowhere else.
      }
    }
    String end = answer.path("end").asText();
    return new Turn(
        new Message.Assistant(
            text.toString(),
            calls,
            refusal,
            null,
            new Message.Original(RUNNER, answer.path("parts"))),
        used,
        null,
        null,
        end,
        end.equals("full") ? Incomplete.cut(end, call.settings().answerLengthField()) : null);
  }

  // What was read from the cache and written to it is not in "read".
  private Usage.Step used(ModelCall call, JsonNode spent, long tookMs) {
    long recalled = tokens(spent, "recalled");
    long read = tokens(spent, "read") + recalled + tokens(spent, "memorized");
    long written = tokens(spent, "written");
    return prices.priced(
        call,
        new Usage.Step(
            read,
            written,
            read + written,
            recalled,
            tokens(spent, "memorized"),
            tokens(spent, "pondered"),
            null,
            tookMs),
        spent.path("dollars"),
        "");
  }

  // No count may overflow the sums.
  private static long tokens(JsonNode spent, String kind) {
    return (long) Math.clamp(spent.path(kind).asDouble(), 0, 1e9);
  }

  @Override
  public ServerError error(int status, JsonNode body) {
    return new ServerError(status, meaning(body.path("fault")), why(body.path("fault")));
  }

  private static @Nullable RunError meaning(JsonNode fault) {
    return switch (fault.path("code").asText()) {
      case "broke" -> RunError.QUOTA_EXCEEDED;
      case "no_engine" -> RunError.MODEL_NOT_FOUND;
      default -> null;
    };
  }

  private static String why(JsonNode fault) {
    return fault.path("why").asText();
  }

  @Override
  public Streamed stream() {
    return new Flow();
  }

  /** Parts come whole, but for texts; then one event says how the turn ended. */
  private static final class Flow implements Streamed {
    private final ObjectNode answer = JSON.createObjectNode();
    private final ArrayNode parts = answer.putArray("parts");
    private final StringBuilder text = new StringBuilder();
    private long length;

    @Override
    public String add(JsonNode event) {
      length += event.toString().length();
      String more = event.path("more").asText();
      if (event.has("part")) {
        parts.add(event.path("part"));
      } else if (event.has("more")) {
        text.append(more);
      } else if (event instanceof ObjectNode end) {
        answer.setAll(end);
      }
      return more;
    }

    @Override
    public boolean isOver() {
      return isWhole() || answer.has("fault");
    }

    @Override
    public boolean isWhole() {
      return answer.has("end");
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public long weight() {
      return 200 * length;
    }

    @Override
    public JsonNode whole() {
      if (!text.isEmpty()) {
        parts.addObject().put("kind", "text").put("text", text.toString());
      }
      return answer;
    }
  }
}
