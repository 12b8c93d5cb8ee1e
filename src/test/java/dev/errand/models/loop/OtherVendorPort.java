package dev.errand.models.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ConversationItem;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Turn.Incomplete;
import dev.errand.models.port.Usage;
import dev.errand.models.wire.AnswerForm;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.models.wire.ServerError;
import dev.errand.tools.tool.ToolSpec;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A vendor that there is not: its messages are lists of parts, all results of a turn stand in one
 * message, the system text is a field of its own, and its streams have parts and texts. A service
 * knows its runner where {@value #SWITCH} says so.
 */
@ApplicationScoped
@IfBuildProperty(name = OtherVendorPort.SWITCH, stringValue = "true")
class OtherVendorPort implements ModelPort<AbacusSettings>, AnswerForm {
  static final String RUNNER = AbacusSettings.RUNNER;

  /** The build property that adds the runner. */
  static final String SWITCH = "errand.test.other-vendor";

  /** The configured server, at which nobody answers. */
  static final String CONFIGURED = "http://127.0.0.1:8/v9";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ModelClient client;
  private final ModelEndpoints endpoints;

  OtherVendorPort(ModelClient client, ModelEndpoints endpoints) {
    this.client = client;
    this.endpoints = endpoints;
  }

  @Override
  public String runner() {
    return RUNNER;
  }

  @Override
  public Class<AbacusSettings> settings() {
    return AbacusSettings.class;
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
  public Optional<List<String>> catalog(JsonNode answer) {
    return answer.isArray()
        ? Optional.of(answer.valueStream().map(JsonNode::asText).toList())
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
    for (ConversationItem item : question.conversation()) {
      switch (item.role()) {
        case "tool" ->
            results(turns)
                .addObject()
                .put("kind", "result")
                .put("ref", item.toolCallId())
                .put("text", item.message().path("content").asText());
        case "assistant" ->
            turns
                .addObject()
                .put("from", "engine")
                .set("parts", item.sentBy(RUNNER).orElseGet(() -> parts(item.message())));
        default -> turns.addObject().put("from", "user").set("parts", parts(item.message()));
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

  private static ArrayNode results(ArrayNode turns) {
    if (turns.path(turns.size() - 1).path("from").asText().equals("functions")) {
      return (ArrayNode) turns.path(turns.size() - 1).path("parts");
    }
    return turns.addObject().put("from", "functions").putArray("parts");
  }

  // A text, or the message of another vendor.
  private static ArrayNode parts(ObjectNode message) {
    ArrayNode parts = JSON.createArrayNode();
    if (message.path("content").isTextual()) {
      parts.addObject().put("kind", "text").put("text", message.path("content").asText());
    }
    for (JsonNode call : message.path("tool_calls")) {
      parts
          .addObject()
          .put("kind", "use")
          .put("ref", call.path("id").asText())
          .put("function", call.at("/function/name").asText())
          .set("input", call.at("/function/arguments"));
    }
    return parts;
  }

  @Override
  public ModelAnswer read(ModelCall call, JsonNode answer, long tookMs) {
    if (answer.has("fault")) {
      return error(500, answer).of(call, null, tookMs);
    }
    JsonNode spent = answer.path("spent");
    long read = spent.path("read").asLong();
    long written = spent.path("written").asLong();
    Usage.Step used = new Usage.Step(read, written, read + written, 0, 0, null, tookMs);
    if (!answer.path("parts").isArray()) {
      return new ModelAnswer.TemporaryFailure(
          RunError.MODEL_ANSWER_INVALID, call.host() + " answered no parts.", null, used);
    }
    ObjectNode message = JSON.createObjectNode().put("role", "assistant");
    StringBuilder text = new StringBuilder();
    for (JsonNode part : answer.path("parts")) {
      switch (part.path("kind").asText()) {
        case "text" -> text.append(part.path("text").asText());
        case "use" ->
            message
                .withArray("tool_calls")
                .addObject()
                .put("id", part.path("ref").asText())
                .put("type", "function")
                .putObject("function")
                .put("name", part.path("function").asText())
                .put("arguments", part.path("input").toString());
        default -> {} // What the engine keeps for itself goes back to it and nowhere else.
      }
    }
    message.put("content", text.toString());
    String end = answer.path("end").asText();
    return new Turn(
        ConversationItem.of(message, RUNNER, answer.path("parts")),
        used,
        null,
        end,
        end.equals("full") ? Incomplete.cut(end, call.settings().answerLengthField()) : null);
  }

  @Override
  public ServerError error(int status, JsonNode body) {
    JsonNode fault = body.path("fault");
    RunError meaning = fault.path("code").asText().equals("broke") ? RunError.QUOTA_EXCEEDED : null;
    return new ServerError(status, meaning, fault.path("why").asText());
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
