package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.approval.ApprovalPreview;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.ApprovalRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form with the approval rules of an installation.
 *
 * @param tools the names of its tools, and of those for which it has rules
 * @param hints what a server says of some of them, by name
 * @param message why it was refused; null where it was not
 * @param preview which calls would have waited; null where that was not asked
 */
public record ApprovalRulesForm(
    InstallationView installation,
    List<String> tools,
    Map<String, String> hints,
    SentForm sent,
    @Nullable String message,
    @Nullable ApprovalPreview preview) {

  static ApprovalRulesForm of(InstallationView installation, Json json) {
    List<String> tools = new ArrayList<>();
    Map<String, String> hints = new HashMap<>();
    for (JsonNode tool : json.tree(installation.servlet().meta().schema().tools())) {
      String name = tool.path("name").asText();
      tools.add(name);
      hints.put(name, hint(tool.path("annotations")));
    }
    ObjectNode proposed = installation.approvalsProposed();
    ApprovalRules rules =
        ApprovalRules.stored(proposed == null ? installation.approvals() : proposed);
    rules.byTool().keySet().stream()
        .filter(tool -> !tool.equals(ApprovalRules.OTHERS) && !tools.contains(tool))
        .forEach(tools::add);
    return new ApprovalRulesForm(
        installation, tools, hints, SentForm.of(ApprovalField.values(tools, rules)), null, null);
  }

  private static String hint(JsonNode annotations) {
    if (!annotations.isObject()) {
      return "";
    }
    return annotations.path("destructiveHint").asBoolean()
        ? "may overwrite or delete"
        : annotations.path("readOnlyHint").asBoolean() ? "only reads" : "only adds";
  }

  /** The fields of the form. */
  public List<ApprovalField> fields() {
    return ApprovalField.of(tools, hints, sent);
  }

  /** Whether it shows a proposal, and no rules hold yet. */
  public boolean isProposal() {
    return installation.approvalsProposed() != null;
  }

  /** The rules that were sent. */
  ObjectNode rules() {
    return ApprovalField.rules(tools, sent);
  }

  ApprovalRulesForm with(SentForm other) {
    return new ApprovalRulesForm(installation, tools, hints, other, null, null);
  }

  ApprovalRulesForm refused(ApiException refusal) {
    return new ApprovalRulesForm(
        installation, tools, hints, sent, ApprovalField.refusal(refusal), null);
  }

  ApprovalRulesForm previewed(ApprovalPreview found) {
    return new ApprovalRulesForm(installation, tools, hints, sent, null, found);
  }

  /** Some calls that would have waited. */
  public List<PastCallLine> examples(String home) {
    return preview == null
        ? List.of()
        : preview.examples().stream()
            .map(
                call ->
                    new PastCallLine(
                        call.tool(),
                        PagePaths.run(home, call.task(), call.run()),
                        call.task() + " / " + call.run(),
                        VisibleText.of(call.arguments())))
            .toList();
  }

  /**
   * A call that would have waited, as a line.
   *
   * @param address the address of the page of its run
   * @param run its task and its run
   * @param arguments the beginning of its arguments, with hidden characters written out
   */
  public record PastCallLine(String tool, String address, String run, String arguments) {}
}
