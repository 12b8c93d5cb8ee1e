package dev.errand.tools.port;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.cel.StepBudget;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which tool calls wait until a person approves them: a rule for each tool, and under {@link
 * #OTHERS} one for all that are not named. Without a rule, a call does not wait.
 */
@RegisterForReflection
public record ApprovalRules(Map<String, ApprovalRule> byTool) {
  public static final String OTHERS = "*";
  public static final ApprovalRules NONE = new ApprovalRules(Map.of());

  private static final int MOST = 300;
  private static final int LONGEST = 32_768;
  private static final int LONGEST_NAME = 128;
  private static final ApprovalRule NEVER = new ApprovalRule.Never();

  public ApprovalRules {
    byTool = Collections.unmodifiableMap(new LinkedHashMap<>(byTool));
  }

  /** The rule of a tool. */
  public ApprovalRule of(String tool) {
    ApprovalRule named = byTool.get(tool);
    return named != null ? named : byTool.getOrDefault(OTHERS, NEVER);
  }

  /** Whether a call waits. */
  public boolean wants(String tool, ObjectNode arguments) {
    return of(tool).wants(arguments);
  }

  /**
   * Whether a call waits.
   *
   * @param budget of which the steps of a condition are taken; the result is none once it is used
   *     up
   */
  public boolean wants(String tool, ObjectNode arguments, StepBudget budget) {
    return of(tool).wants(arguments, budget);
  }

  /** The rule by which a call waits, as JSON without braces; empty where it does not. */
  public Optional<String> why(String tool, ObjectNode arguments) {
    return wants(tool, arguments) ? Optional.of(shown(tool)) : Optional.empty();
  }

  private String shown(String tool) {
    String named = byTool.containsKey(tool) ? tool : OTHERS;
    return TextNode.valueOf(named) + ": " + of(tool).json();
  }

  /** Whether they let any call wait. */
  public boolean areAny() {
    return byTool.values().stream().anyMatch(rule -> !(rule instanceof ApprovalRule.Never));
  }

  /** Whether each call that waits by other rules waits by these, too, as far as one can see. */
  public boolean areAsStrictAs(ApprovalRules others) {
    Set<String> named = new HashSet<>(byTool.keySet());
    named.addAll(others.byTool.keySet());
    named.add(OTHERS);
    return named.stream().allMatch(tool -> of(tool).isAsStrictAs(others.of(tool)));
  }

  /**
   * Rules by which each call waits that waits by these or by others. Where conditions differ, each
   * call does.
   */
  public ApprovalRules and(ApprovalRules others) {
    Map<String, ApprovalRule> both = new LinkedHashMap<>();
    Stream.concat(byTool.keySet().stream(), others.byTool.keySet().stream())
        .forEach(tool -> both.put(tool, stricter(of(tool), others.of(tool))));
    return new ApprovalRules(both);
  }

  private static ApprovalRule stricter(ApprovalRule one, ApprovalRule other) {
    if (one.isAsStrictAs(other)) {
      return one;
    }
    return other.isAsStrictAs(one) ? other : new ApprovalRule.Always();
  }

  /** The rules in JSON. */
  @JsonValue
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    byTool.forEach((tool, rule) -> json.set(tool, rule.json()));
    return json;
  }

  /**
   * Rules that were checked when they were stored. What this version can't read lets calls wait.
   *
   * @param text null for none
   */
  public static ApprovalRules stored(Json json, @Nullable String text) {
    return text == null ? NONE : stored(json.tree(text));
  }

  /** The same, read already. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ApprovalRules stored(JsonNode json) {
    Map<String, ApprovalRule> read = new LinkedHashMap<>();
    json.properties()
        .forEach(each -> read.put(each.getKey(), stored(each.getKey(), each.getValue())));
    return new ApprovalRules(read);
  }

  private static ApprovalRule stored(String tool, JsonNode rule) {
    try {
      return read(tool, rule);
    } catch (ApiException e) {
      return new ApprovalRule.Always();
    }
  }

  /**
   * The rules of a request, checked.
   *
   * @param field their field in the request
   * @throws ApiException that names the field which is wrong
   */
  public static ApprovalRules checked(String field, JsonNode json) {
    if (!(json instanceof ObjectNode rules)) {
      throw ApiException.invalid(
          field, "must be an object of tools, such as {\"post\": \"always\", \"*\": \"never\"}");
    }
    if (rules.size() > MOST) {
      throw ApiException.invalid(field, "has rules for more than " + MOST + " tools");
    }
    Map<String, ApprovalRule> checked = new LinkedHashMap<>();
    InvalidFields wrong = new InvalidFields();
    for (Map.Entry<String, JsonNode> each : rules.properties()) {
      String tool = each.getKey();
      if (tool.isBlank() || tool.length() > LONGEST_NAME) {
        throw ApiException.invalid(
            field, "must name tools, each of 1 to " + LONGEST_NAME + " characters, or " + OTHERS);
      }
      StorableText.check(field, tool);
      ApprovalRule rule = wrong.read(() -> read(field + "." + tool, each.getValue()), NEVER);
      if (rule instanceof ApprovalRule.When when) {
        try {
          when.check();
        } catch (IllegalArgumentException e) {
          wrong.add(
              ApiException.invalid(
                  field + "." + tool + "." + ApprovalRule.WHEN, String.valueOf(e.getMessage())));
        }
      }
      checked.put(tool, rule);
    }
    wrong.refuse();
    ApprovalRules all = new ApprovalRules(checked);
    if (all.json().toString().length() > LONGEST) {
      throw ApiException.invalid(field, "has more than " + LONGEST + " characters as JSON");
    }
    return all;
  }

  private static ApprovalRule read(String field, JsonNode rule) {
    if (rule.isTextual() && rule.textValue().equals(ApprovalRule.ALWAYS)) {
      return new ApprovalRule.Always();
    }
    if (rule.isTextual() && rule.textValue().equals(ApprovalRule.NEVER)) {
      return NEVER;
    }
    if (rule.isObject() && rule.size() == 1 && rule.path(ApprovalRule.WHEN).isTextual()) {
      return new ApprovalRule.When(rule.path(ApprovalRule.WHEN).textValue());
    }
    throw ApiException.invalid(
        field, "must be \"always\", \"never\" or {\"when\": \"<a condition over arguments>\"}");
  }
}
