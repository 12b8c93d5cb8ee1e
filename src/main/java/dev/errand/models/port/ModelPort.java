package dev.errand.models.port;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.Field;
import dev.errand.models.message.Message;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Port to the models of one vendor, in the vendor's own protocol. It is called once for each turn
 * of a conversation and is stateless.
 *
 * <p>A new vendor is a package with a record of settings and its port: a bean that names the
 * runner, builds the request and parses the answer, whole or streamed, through the interfaces of
 * {@code models.wire}.
 *
 * @param <S> the settings of its runner
 */
public interface ModelPort<S extends ModelSettings> {

  /**
   * The name of its runner, in {@code runner} and as the name of the settings in a task. It never
   * changes, since it is stored.
   */
  String runner();

  /**
   * The name of its vendor in OpenTelemetry's conventions for generative AI. Traces and metrics
   * have it, and the built-in prices are found by it.
   */
  default String provider() {
    return runner();
  }

  /** The type of settings that this port handles, a record that is registered for reflection. */
  Class<S> settings();

  /** The name of the API, for people. */
  default String title() {
    return runner();
  }

  /**
   * The names of the runner's own settings that have an input in forms, in the order there; with
   * the path where one is inside an object, as in {@code thinking.type}. The others are JSON there.
   */
  default List<String> inputs() {
    return List.of();
  }

  /**
   * The configured server of tasks and providers that name none. The egress rules do not apply to
   * it.
   */
  URI configuredEndpoint();

  /** The path of the list of models below a server's base URL, without a leading slash. */
  String catalogPath();

  /**
   * The models in the answer to a request for that path.
   *
   * @return empty where the answer is no list of models
   */
  Optional<List<ListedModel>> catalog(JsonNode answer);

  /**
   * Checks whether models can be asked for answers that fit a schema.
   *
   * @param settings the settings of the task, with those of its provider
   * @param schema a JSON Schema that is valid in itself
   * @throws ApiException that names the field of the settings, or the keyword of the schema with
   *     its path
   */
  default void checkOutput(S settings, ObjectNode schema) {}

  /**
   * Checks settings by what their server says of their model.
   *
   * @param settings the settings of the task, with those of its provider
   * @param withSchema whether answers must fit a schema
   * @throws ApiException that names the field which the model would refuse
   */
  default void checkListed(S settings, ListedModel model, boolean withSchema) {
    Integer wanted = settings.answerLength();
    Long most = model.maxOutputTokens();
    if (wanted != null && most != null && wanted > most) {
      throw ApiException.invalid(
          settings.answerLengthField(),
          "must be %s at most with %s, as its server says".formatted(most, settings.model()));
    }
  }

  /** Whether a server is asked for what its model can do before settings are stored. */
  default boolean isAskedBefore(S settings) {
    return false;
  }

  /** The header fields by which a request authenticates with a key; none for an empty one. */
  Map<String, String> headers(String key);

  /**
   * Asks once, and waits at most for the rest of the run's time and the configured timeout.
   *
   * @param listener says whether the claim still holds, receives the text of a streamed answer, and
   *     takes over the memory reservation of a turn until the turn is recorded
   * @throws InterruptedException when the calling thread is interrupted, or the claim is lost
   */
  ModelAnswer ask(Question<S> question, RunListener listener) throws InterruptedException;

  /**
   * Whether a message as the vendor sent it has something that is of use in its own conversation
   * alone, such as signed thinking: with another system text, other tools or another model before
   * it, the vendor would refuse it.
   */
  default boolean isBound(JsonNode sent) {
    return false;
  }

  /** How requests with these settings are described in traces and metrics. */
  default Traced traced(S settings) {
    return new Traced(provider(), false, Map.of());
  }

  /** The request that {@link #ask} sends; nothing is sent. */
  ModelRequest request(Question<S> question);

  /**
   * A model in a server's list.
   *
   * @param lacks what the server says that the model can't do
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ListedModel(
      @Field String id,
      @Field("The most tokens of a request, if the server says so.") @Nullable Long maxInputTokens,
      @Field("The most tokens of an answer, if the server says so.") @Nullable Long maxOutputTokens,
      @JsonIgnore Lacks lacks) {
    /** A model of which the server says only the name. */
    public ListedModel(String id) {
      this(id, null, null, Lacks.NOTHING);
    }
  }

  /**
   * What a model can't do.
   *
   * @param thinking the types of thinking that it refuses
   * @param efforts the levels of effort that it refuses
   * @param schemas whether it can't be asked for answers that fit a schema
   */
  @RegisterForReflection
  record Lacks(Set<String> thinking, Set<String> efforts, boolean schemas) {
    public static final Lacks NOTHING = new Lacks(Set.of(), Set.of(), false);
  }

  /**
   * A request to a model, independent of the vendor.
   *
   * @param key the key for the model's server; empty where it needs none
   * @param outputSchema the JSON Schema that the last message must fit, which must not be changed;
   *     null where it may be any text
   * @param spendable the most tokens of the answer that may be spent; null where nothing limits
   *     that
   */
  record Question<S extends ModelSettings>(
      S settings,
      String key,
      List<Message> conversation,
      List<ToolSpec> tools,
      Bounds bounds,
      @Nullable ObjectNode outputSchema,
      @Nullable Integer spendable) {
    /** A request whose cost nothing limits. */
    public Question(
        S settings,
        String key,
        List<Message> conversation,
        List<ToolSpec> tools,
        Bounds bounds,
        @Nullable ObjectNode outputSchema) {
      this(settings, key, conversation, tools, bounds, outputSchema, null);
    }

    /** The most tokens of the answer; null where the server decides. */
    public @Nullable Integer answerLength() {
      return spendable == null ? settings.answerLength() : spendable;
    }

    /** What to change if that is too few, for messages. */
    public String answerLengthField() {
      String field = settings.answerLengthField();
      return spendable == null || spendable.equals(settings.answerLength())
          ? field
          : "the budget or " + field;
    }

    @Override
    public String toString() {
      return "Question[" + conversation.size() + " messages]";
    }
  }
}
