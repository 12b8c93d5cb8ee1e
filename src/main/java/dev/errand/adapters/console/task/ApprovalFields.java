package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.runs.task.ApprovalExpiry;
import dev.errand.runs.task.TaskSettings;
import dev.errand.tools.port.ApprovalRule;
import dev.errand.tools.port.ApprovalRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which calls wait for a person, in the form of a task: a line for each tool, such as {@code
 * slack_post = always}. Further lines of a condition are indented.
 */
final class ApprovalFields {
  static final String RULES = "approvals";
  static final String EXPIRY = "approval_expiry";

  private static final String INDENT = "  ";
  private static final String FIELD = "settings." + RULES;

  private ApprovalFields() {}

  /** Adds what a task says of approvals to the fields of its form. */
  static void fill(Map<String, @Nullable String> fields, TaskSettings settings) {
    fields.put(RULES, text(settings));
    fields.put(EXPIRY, isDefault(settings.approvalExpiry()) ? "" : settings.approvalExpiry());
  }

  private static boolean isDefault(@Nullable String expiry) {
    return expiry == null || expiry.equals(ApprovalExpiry.REJECT.code());
  }

  private static String text(TaskSettings settings) {
    ApprovalRules rules = settings.approvals();
    return rules == null
        ? ""
        : rules.byTool().entrySet().stream()
            .map(rule -> rule.getKey() + " = " + text(rule.getValue()))
            .collect(Collectors.joining("\n"));
  }

  private static String text(ApprovalRule rule) {
    return switch (rule) {
      case ApprovalRule.Always _ -> ApprovalRule.ALWAYS;
      case ApprovalRule.Never _ -> ApprovalRule.NEVER;
      case ApprovalRule.When(String condition) -> condition.replace("\n", "\n" + INDENT);
    };
  }

  /**
   * Puts what was sent into a request; a form without the fields leaves them unchanged.
   *
   * @param known the settings of the present task; null for a new one
   * @throws ApiException that names the field which is wrong
   */
  static void put(ObjectNode settings, SentForm sent, @Nullable TaskSettings known) {
    String text = sent.text(RULES);
    // What one line can't say stays as it is where nobody touches it.
    if (sent.has(RULES) && (known == null || !text.equals(text(known).strip()))) {
      if (!text.isEmpty()) {
        settings.set(RULES, rules(settings.objectNode(), text));
      } else if (known != null) {
        settings.putNull(RULES);
      }
    }
    String expiry = sent.line(EXPIRY);
    if (!expiry.isEmpty()) {
      settings.put(EXPIRY, expiry);
    } else if (known != null && sent.has(EXPIRY) && !isDefault(known.approvalExpiry())) {
      settings.putNull(EXPIRY);
    }
  }

  private static ObjectNode rules(ObjectNode rules, String text) {
    for (String line : whole(text)) {
      int apart = line.indexOf('=');
      String tool = apart < 0 ? "" : line.substring(0, apart).strip();
      String rule = line.substring(apart + 1).strip();
      if (tool.isEmpty() || rule.isEmpty()) {
        throw ApiException.invalid(
            FIELD, "must have a tool and its rule in each line, such as slack_post = always");
      }
      if (rules.has(tool)) {
        throw ApiException.invalid(FIELD, "must have one line for " + tool);
      }
      if (rule.equals(ApprovalRule.ALWAYS) || rule.equals(ApprovalRule.NEVER)) {
        rules.put(tool, rule);
      } else {
        rules.putObject(tool).put(ApprovalRule.WHEN, rule);
      }
    }
    return rules;
  }

  /** The lines, each with the indented ones that follow it. */
  private static List<String> whole(String text) {
    List<String> lines = new ArrayList<>();
    text.lines()
        .filter(line -> !line.isBlank())
        .forEach(
            line -> {
              if (line.startsWith(INDENT) && !lines.isEmpty()) {
                lines.add(lines.removeLast() + "\n" + line.substring(INDENT.length()));
              } else {
                lines.add(line);
              }
            });
    return lines;
  }
}
