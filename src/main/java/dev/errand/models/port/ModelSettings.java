package dev.errand.models.port;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model settings of a task. Each runner has a record of its own, with the vendor's fields
 * beside those that all runners share: {@code prompt}, {@code model}, {@code system}, {@code
 * stream} and {@code base_url}. These are declared here, and need no words in the record.
 */
@RegisterForReflection
public interface ModelSettings {

  /** The runner's name, which is also the name of these settings in a task. */
  String runner();

  /** The most characters of a prompt or system text. */
  int LONGEST_TEXT = 262_144;

  /** The fewest tokens of an answer that is of any use. */
  int SHORTEST_ANSWER = 1024;

  /**
   * The most tokens of a picture where the vendor says no other: gpt-4o-mini counts 2,833 and 5,667
   * for each of at most eight tiles.
   */
  int MOST_OF_PICTURE = 50_000;

  /** The most characters of the name of a model. */
  int LONGEST_NAME = 256;

  /** A Mustache template, the first message of the user. */
  @Field(
      value = "The user message, a Mustache template.",
      required = true,
      most = LONGEST_TEXT,
      resettable = false)
  String prompt();

  /** The model's name; null only in the settings of a task that leaves it to its provider. */
  @Field(value = "The name of the model, required without a provider.", most = LONGEST_NAME)
  String model();

  /** A Mustache template, the system message before the prompt. */
  @Field(value = "The system message, a Mustache template.", most = LONGEST_TEXT)
  @Nullable String system();

  /** The model's server, where it is not the configured one. */
  @Field(
      "The endpoint, if it is not the default one; refused with a provider. If scheme, host or port"
          + " change, the key must be sent again.")
  @Nullable String baseUrl();

  /** Whether answers are streamed; null for the configured default. */
  @Field(
      value = "Whether answers are streamed.",
      note = "Whether watchers see an answer while it is written.")
  @Nullable Boolean stream();

  /** Whether answers are streamed, by these settings or else by default. */
  default boolean isStreamed(ModelConfig config) {
    Boolean own = stream();
    return own == null ? config.stream() : own;
  }

  /**
   * Fields that another version stored and this one does not know. They are kept, shown, and not
   * sent. A record has them as its last component, annotated {@code @JsonAnySetter} and
   * {@code @JsonAnyGetter}.
   */
  Map<String, JsonNode> others();

  /** The name of the field that limits the tokens of one answer, for messages. */
  String answerLengthField();

  /** The most tokens of one answer; null where the server decides. */
  default @Nullable Integer answerLength() {
    return null;
  }

  /**
   * The fewest tokens to which a budget may lower that; the same where the settings themselves say
   * how many an answer may have.
   */
  default int leastAnswerLength() {
    Integer length = answerLength();
    return length == null ? SHORTEST_ANSWER : length;
  }

  /** The most tokens as which the vendor counts a picture, for any of its models. */
  default int pictureTokens() {
    return MOST_OF_PICTURE;
  }

  /**
   * The tier of service that is asked for, in the vendor's words; null for the server's default.
   */
  default @Nullable String serviceTier() {
    return null;
  }

  /** A copy that leaves the tier of service to the server. */
  default ModelSettings withoutServiceTier() {
    return this;
  }

  /**
   * Checks the settings of a task without calling any server.
   *
   * @throws ApiException that names the invalid field
   */
  default ModelSettings checked() {
    InvalidFields.check(() -> SettingsCheck.ofTask(this), this::checkFields);
    return this;
  }

  /**
   * Checks the settings of a provider, which apply to several tasks: they have a model, and neither
   * prompt nor system text.
   *
   * @throws ApiException that names the invalid field
   */
  default ModelSettings checkedForProvider() {
    InvalidFields.check(() -> SettingsCheck.ofProvider(this), this::checkFields);
    return this;
  }

  /**
   * Checks of the fields that are the vendor's own, which a task and a provider have alike, what
   * their declarations do not say.
   *
   * @throws ApiException that names the invalid field
   */
  void checkFields();

  /** A copy with another prompt, model, system text and server; the vendor's own fields stay. */
  ModelSettings copy(
      String newPrompt, String newModel, @Nullable String newSystem, @Nullable String newBaseUrl);

  /** A copy with another prompt, system text and server; null is the configured server. */
  default ModelSettings with(
      String newPrompt, @Nullable String newSystem, @Nullable String newBaseUrl) {
    return copy(newPrompt, model(), newSystem, newBaseUrl);
  }

  /** A copy with another server; null is the configured one. */
  default ModelSettings at(@Nullable String newBaseUrl) {
    return copy(prompt(), model(), system(), newBaseUrl);
  }

  /** A field as requests and messages name it, with the runner before it. */
  default String field(String name) {
    return runner() + "." + name;
  }
}
