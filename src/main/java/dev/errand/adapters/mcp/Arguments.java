package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Coded;
import dev.errand.runs.queue.RunStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a tool that Errand itself declares, with errors that a model can act on. */
final class Arguments {
  private final ObjectNode given;

  /**
   * Arguments with only these names: a misspelt one would otherwise be ignored silently.
   *
   * @throws ApiException when there is another one
   */
  Arguments(ObjectNode given, String... known) {
    this.given = given;
    Set<String> all = Set.of(known);
    given
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!all.contains(name)) {
                throw ApiException.invalid(
                    name,
                    known.length == 0
                        ? "is unknown: this tool takes no arguments"
                        : "is unknown: this tool takes " + String.join(", ", known));
              }
            });
  }

  String text(String name) {
    String text = textOrNull(name);
    if (text == null || text.isBlank()) {
      throw ApiException.invalid(name, "is required");
    }
    return text;
  }

  /** A text; null where it is left out. */
  @Nullable String textOrNull(String name) {
    JsonNode value = given.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw ApiException.invalid(name, "must be a string");
    }
    return value.textValue();
  }

  boolean has(String name) {
    return given.hasNonNull(name);
  }

  int number(String name, int otherwise, int least, int most) {
    JsonNode value = given.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    // Models write 5.0 as well.
    if (!value.isNumber()
        || value.doubleValue() != Math.rint(value.doubleValue())
        || value.doubleValue() < least
        || value.doubleValue() > most) {
      throw ApiException.invalid(name, "must be a whole number from " + least + " to " + most);
    }
    return value.intValue();
  }

  RunStatus status(String name) {
    String code = text(name);
    return Coded.find(RunStatus.class, code)
        .orElseThrow(() -> ApiException.invalid(name, "must be pending, running, ready or error"));
  }

  /** A value of any kind; null where it is left out. */
  @Nullable JsonNode anyOrNull(String name) {
    return given.get(name);
  }
}
