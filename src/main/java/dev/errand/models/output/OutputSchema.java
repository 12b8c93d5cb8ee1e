package dev.errand.models.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema that the last message of a run must fit. It is compiled for the first answer that
 * is checked. It is not thread-safe.
 */
public final class OutputSchema {
  private static final int LONGEST_ANSWER = 500_000;

  private final ObjectNode schema;
  private final int repairs;
  private final Json json;
  private SchemaCheck.@Nullable Compiled compiled;

  /**
   * Keeps a schema that was checked when its task was registered.
   *
   * @param repairs how often the model is asked again after an answer that does not fit
   */
  public OutputSchema(ObjectNode schema, int repairs, Json json) {
    this.schema = schema;
    this.repairs = repairs;
    this.json = json;
  }

  /** The schema as it was registered, which must not be changed. */
  public ObjectNode schema() {
    return schema;
  }

  public int repairs() {
    return repairs;
  }

  /** The result of a check. */
  public sealed interface Checked {}

  /**
   * The answer fits, and is the result as it is.
   *
   * @param result the answer as JSON
   */
  public record Fits(JsonNode result) implements Checked {}

  /**
   * The answer does not fit.
   *
   * @param problems what is wrong, each with the path in the answer; at least one
   */
  public record Misfit(List<String> problems) implements Checked {
    public Misfit {
      problems = List.copyOf(problems);
    }

    Misfit(String problem) {
      this(List.of(problem));
    }
  }

  /** Checks an answer: it must be one JSON value that fits the schema, with no text around it. */
  public Checked check(String answer) {
    if (answer.length() > LONGEST_ANSWER) {
      return new Misfit("The answer has more than " + LONGEST_ANSWER + " characters.");
    }
    Optional<JsonNode> parsed = json.parseStrictly(answer);
    if (parsed.isEmpty()) {
      return new Misfit(
          answer.isBlank()
              ? "The answer has no text."
              : "The answer is not JSON, has a name twice in an object, or has text around the JSON.");
    }
    if (compiled == null) {
      compiled = SchemaCheck.compile(schema);
    }
    List<String> problems = compiled.problems(parsed.get());
    return problems.isEmpty() ? new Fits(parsed.get()) : new Misfit(problems);
  }

  /** What the model is told after an answer that does not fit. It depends on nothing else. */
  public String repair(Misfit misfit) {
    return misfit.problems().stream()
        .map(problem -> "- " + problem)
        .collect(
            Collectors.joining(
                "\n",
                "Your last message is not the JSON that is required:\n",
                "\nAnswer again with the whole JSON alone, without any text or marks around it. It"
                    + " must fit this JSON Schema:\n"
                    + json.write(schema)));
  }
}
