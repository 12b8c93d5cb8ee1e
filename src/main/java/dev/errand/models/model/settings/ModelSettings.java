package dev.errand.models.model.settings;

import dev.errand.base.error.ApiException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a task asks of a model. Each runner has a record of its own, whose fields are the vendor's
 * beside those that all have.
 */
public sealed interface ModelSettings permits OpenAiSettings {

  /** The runner's name: its settings stand under it in a task, and its fields are told by it. */
  String runner();

  /** A Mustache template, the first message of the user. */
  String prompt();

  /** The model's name. */
  String model();

  /** A Mustache template, what the model is told before the prompt. */
  @Nullable String system();

  /** The model's server, where it is not the configured one. */
  @Nullable String baseUrl();

  /** The configured server of tasks that name none. */
  URI configuredBaseUrl(ModelConfig config);

  /** The field by which a task sets the most tokens of one answer, for messages. */
  String answerLengthField();

  /**
   * Checks what can be checked without asking anybody.
   *
   * @throws ApiException that names the field which is wrong
   */
  ModelSettings checked();

  /** The same, for another prompt, system text and server; null is the configured server. */
  ModelSettings with(String newPrompt, @Nullable String newSystem, @Nullable String newBaseUrl);

  /** The same without its system text, for another prompt and model. */
  ModelSettings as(String newPrompt, String newModel);

  /** A field as requests and messages name it, such as {@code openai.model}. */
  default String field(String name) {
    return runner() + "." + name;
  }
}
