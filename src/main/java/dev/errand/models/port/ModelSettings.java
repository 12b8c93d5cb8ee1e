package dev.errand.models.port;

import dev.errand.base.error.ApiException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The model settings of a task. Each runner has a record of its own, with the vendor's fields
 * beside those that all runners share.
 */
public sealed interface ModelSettings permits OpenAiSettings {

  /** The runner's name, which is also the name of these settings in a task. */
  String runner();

  /** A Mustache template, the first message of the user. */
  String prompt();

  /** The model's name; null only in the settings of a task that leaves it to its provider. */
  String model();

  /** A Mustache template, the system message before the prompt. */
  @Nullable String system();

  /** The model's server, where it is not the configured one. */
  @Nullable String baseUrl();

  /** The configured server of tasks that name none. */
  URI configuredBaseUrl(ModelConfig config);

  /** The name of the field that limits the tokens of one answer, for messages. */
  String answerLengthField();

  /**
   * Checks the settings without calling any server.
   *
   * @throws ApiException that names the invalid field
   */
  ModelSettings checked();

  /**
   * Checks the settings of a provider, which apply to several tasks: they have a model, and neither
   * prompt nor system text.
   *
   * @throws ApiException that names the invalid field
   */
  ModelSettings checkedForProvider();

  /** A copy with another prompt, system text and server; null is the configured server. */
  ModelSettings with(String newPrompt, @Nullable String newSystem, @Nullable String newBaseUrl);

  /** A copy with another prompt and model, and without a system text. */
  ModelSettings as(String newPrompt, String newModel);

  /** A field as requests and messages name it, such as {@code openai.model}. */
  default String field(String name) {
    return runner() + "." + name;
  }
}
