package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ApiException.FieldError;
import dev.errand.tools.port.ApprovalRule;
import dev.errand.tools.port.ApprovalRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields for the approval rule of a tool, or of all tools that have no fields.
 *
 * @param tool its name, or {@code *}
 * @param rule {@code always}, {@code never} or {@code when}
 * @param condition the condition of {@code when}
 * @param hint what its server says of its calls; empty for nothing
 */
public record ApprovalField(String tool, String rule, String condition, String hint) {
  private static final String RULE = "a.";
  private static final String CONDITION = "w.";
  private static final String FIELD = "approvals.";

  /** Whether it is for all tools that have no fields. */
  public boolean isOfOthers() {
    return tool.equals(ApprovalRules.OTHERS);
  }

  /** The name of the field for the kind of the rule. */
  public String ruleName() {
    return RULE + tool;
  }

  /** The name of the field for the condition. */
  public String conditionName() {
    return CONDITION + tool;
  }

  /** The name of the tool for a reader. */
  public String label() {
    return isOfOthers() ? "All other tools, also those that come later" : tool;
  }

  /**
   * The fields of a form.
   *
   * @param tools the names of the tools
   * @param hints what a server says of some of them, by name
   */
  static List<ApprovalField> of(List<String> tools, Map<String, String> hints, SentForm form) {
    List<ApprovalField> fields = new ArrayList<>();
    for (String tool : named(tools)) {
      fields.add(
          new ApprovalField(
              tool,
              form.text(RULE + tool),
              form.text(CONDITION + tool),
              hints.getOrDefault(tool, "")));
    }
    return fields;
  }

  /** The values of the fields that show some rules. */
  static Map<String, String> values(List<String> tools, ApprovalRules rules) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String tool : named(tools)) {
      switch (rules.of(tool)) {
        case ApprovalRule.Always _ -> values.put(RULE + tool, ApprovalRule.ALWAYS);
        case ApprovalRule.Never _ -> values.put(RULE + tool, ApprovalRule.NEVER);
        case ApprovalRule.When(String condition) -> {
          values.put(RULE + tool, ApprovalRule.WHEN);
          values.put(CONDITION + tool, condition);
        }
      }
    }
    return values;
  }

  /** The rules that were sent: that of all others, and those that differ from it. */
  static ObjectNode rules(List<String> tools, SentForm sent) {
    ObjectNode rules = JsonNodeFactory.instance.objectNode();
    JsonNode others = rule(ApprovalRules.OTHERS, sent);
    for (String tool : tools) {
      // A tool that came after the form was made has no fields.
      JsonNode own = sent.has(RULE + tool) ? rule(tool, sent) : others;
      if (!own.equals(others)) {
        rules.set(tool, own);
      }
    }
    return rules.set(ApprovalRules.OTHERS, others);
  }

  private static JsonNode rule(String tool, SentForm sent) {
    String rule = sent.text(RULE + tool);
    return rule.equals(ApprovalRule.WHEN)
        ? JsonNodeFactory.instance.objectNode().put(ApprovalRule.WHEN, sent.text(CONDITION + tool))
        : TextNode.valueOf(rule);
  }

  private static List<String> named(List<String> tools) {
    List<String> named = new ArrayList<>(tools);
    named.add(ApprovalRules.OTHERS);
    return named;
  }

  /** The message above a form that was refused, which names the tool of a wrong rule. */
  static String refusal(ApiException refusal) {
    List<FieldError> errors = refusal.errors();
    if (errors.isEmpty() || !errors.getFirst().field().startsWith(FIELD)) {
      return Refusal.of(refusal);
    }
    FieldError error = errors.getFirst();
    String tool = error.field().substring(FIELD.length()).replaceFirst("\\.when$", "");
    return "Approval of calls of %s: %s"
        .formatted(tool.equals(ApprovalRules.OTHERS) ? "all other tools" : tool, error.message());
  }
}
