package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Json;
import dev.errand.models.output.Expectation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a task must have done to be ready, as it is sent, stored and shown.
 *
 * @param tools the fewest successful calls of tools, by the names that models call
 * @param when a condition in CEL over the run; null for none
 * @param others fields that another version stored: kept, shown and not used
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Expect(
    Map<String, Integer> tools,
    @Nullable String when,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {
  public static final String FIELD = "settings.expect";

  private static final int MOST_TOOLS = 64;
  private static final int LONGEST_NAME = 128;
  private static final int MOST_CALLS = 10_000;

  /** Has no tools and no fields of other versions where JSON has none. */
  public Expect {
    tools = Collections.unmodifiableMap(Objects.requireNonNullElse(tools, Map.of()));
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  /**
   * Checks it.
   *
   * @throws ApiException that names the field which is wrong
   */
  void check() {
    if (tools.isEmpty() && when == null && others.isEmpty()) {
      throw ApiException.invalid(
          FIELD, "must have tools, or a condition as when; null expects nothing");
    }
    InvalidFields.check(this::checkTools, this::checkCondition);
  }

  private void checkTools() {
    if (tools.size() > MOST_TOOLS) {
      throw ApiException.invalid(FIELD + ".tools", "names more than " + MOST_TOOLS + " tools");
    }
    InvalidFields wrong = new InvalidFields();
    tools.forEach((tool, least) -> wrong.add(() -> check(tool, least)));
    wrong.refuse();
  }

  private void checkCondition() {
    if (when != null) {
      try {
        Expectation.check(when);
      } catch (IllegalArgumentException e) {
        throw ApiException.invalid(FIELD + ".when", String.valueOf(e.getMessage()));
      }
    }
  }

  // JSON may have null in place of a number.
  private static void check(String tool, @Nullable Integer least) {
    if (tool.isBlank() || tool.length() > LONGEST_NAME) {
      throw ApiException.invalid(
          FIELD + ".tools", "must name tools as models call them, such as fetch_fetch");
    }
    StorableText.check(FIELD + ".tools", tool);
    if (least == null || least < 1 || least > MOST_CALLS) {
      throw ApiException.invalid(
          FIELD + ".tools." + tool,
          "must be the fewest successful calls, between 1 and " + MOST_CALLS);
    }
  }

  /** The same for a task whose answers have no schema; null where nothing is left. */
  @Nullable Expect withoutResult() {
    String kept = when != null && Expectation.readsResult(when) ? null : when;
    return tools.isEmpty() && kept == null ? null : new Expect(tools, kept, others);
  }

  /** The check of a run. */
  Expectation expectation(Json json) {
    return new Expectation(tools, when, json);
  }
}
