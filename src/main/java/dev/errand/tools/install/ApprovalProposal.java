package dev.errand.tools.install;

import dev.errand.tools.port.ApprovalRule;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.ToolHints;
import dev.errand.tools.port.ToolSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Proposes which calls wait for a person, for an installer to confirm: of a servlet those that can
 * reach a host, of a remote server those of tools that it does not say to be harmless.
 */
public final class ApprovalProposal {
  private static final ApprovalRule ALWAYS = new ApprovalRule.Always();
  private static final ApprovalRule NEVER = new ApprovalRule.Never();

  private ApprovalProposal() {}

  /**
   * The rules for an installation of a servlet. Without hosts it only computes its answers; what
   * tools of {@code errand/tasks} start has rules of its own.
   *
   * @param domains the hosts that it may call
   */
  public static ApprovalRules ofServlet(List<String> domains) {
    return new ApprovalRules(Map.of(ApprovalRules.OTHERS, domains.isEmpty() ? NEVER : ALWAYS));
  }

  /**
   * The rules for an installation of a remote server. In the Model Context Protocol, a tool without
   * hints may be destructive. The rule for all others holds for what the server adds or renames
   * later, too.
   */
  static ApprovalRules ofServer(List<ToolSpec> tools) {
    Map<String, ApprovalRule> rules = new LinkedHashMap<>();
    for (ToolSpec tool : tools) {
      ToolHints hints = tool.hints();
      if (hints != null && !hints.destructive()) {
        rules.put(tool.name(), NEVER);
      }
    }
    rules.put(ApprovalRules.OTHERS, ALWAYS);
    return new ApprovalRules(rules);
  }
}
