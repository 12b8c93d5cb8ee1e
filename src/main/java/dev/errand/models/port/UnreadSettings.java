package dev.errand.models.port;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Settings that another version stored and this one can't use, since it does not know their runner
 * or the form of a field. They are kept and shown as they are stored; a run with them is left to a
 * worker that knows them.
 */
@RegisterForReflection
public record UnreadSettings(@JsonIgnore String runner, @JsonValue ObjectNode fields)
    implements ModelSettings {

  private static final Duration WAIT = Duration.ofSeconds(5);

  /** The answer to a request that has to use these settings: another process may know them. */
  public ApiException refusal() {
    return ApiException.retryLater(
        ErrorCode.UNAVAILABLE,
        "The settings of the runner "
            + runner
            + " were stored by another version of Errand, and this process can't use them: try"
            + " again once all processes have that version.",
        WAIT);
  }

  /** Whether a request leaves these settings as they are. */
  boolean isSentBackBy(String sentRunner, JsonNode sent) {
    return runner.equals(sentRunner) && Runners.isSame(fields, sent);
  }

  @Override
  public String prompt() {
    return fields.path("prompt").asText();
  }

  @Override
  public String model() {
    return fields.path("model").asText();
  }

  @Override
  public @Nullable String system() {
    return fields.path("system").textValue();
  }

  @Override
  public @Nullable String baseUrl() {
    return fields.path("base_url").textValue();
  }

  @Override
  public @Nullable Boolean stream() {
    return fields.path("stream").isBoolean() ? fields.path("stream").booleanValue() : null;
  }

  @Override
  public Map<String, JsonNode> others() {
    return fields
        .propertyStream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public String answerLengthField() {
    return field("max_tokens");
  }

  @Override
  public UnreadSettings checked() {
    throw refusal();
  }

  @Override
  public UnreadSettings checkedForProvider() {
    throw refusal();
  }

  @Override
  public void checkFields() {
    throw refusal();
  }

  @Override
  public UnreadSettings copy(
      String newPrompt, String newModel, @Nullable String newSystem, @Nullable String newBaseUrl) {
    ObjectNode copy = fields.deepCopy();
    put(copy, "prompt", newPrompt);
    put(copy, "model", newModel);
    put(copy, "system", newSystem);
    put(copy, "base_url", newBaseUrl);
    return new UnreadSettings(runner, copy);
  }

  // Null and an empty text leave a field that is in another form than a text as it is.
  private static void put(ObjectNode in, String field, @Nullable String text) {
    if (text == null) {
      if (in.path(field).isTextual()) {
        in.remove(field);
      }
    } else if (!text.equals(in.path(field).asText())) {
      in.put(field, text);
    }
  }
}
