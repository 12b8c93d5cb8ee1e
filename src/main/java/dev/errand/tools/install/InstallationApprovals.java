package dev.errand.tools.install;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.tools.install.InstallationView.InstallationWarning;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.InstallationRenamed;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of installations by which calls of their tools wait until a person approves them.
 * Editors make them stricter, only owners loosen them.
 */
@ApplicationScoped
class InstallationApprovals {
  private final ProfileAccess access;
  private final ToolSources sources;
  private final Json json;
  private final Event<InstallationRenamed> renamed;
  private final RequestPools pools;

  InstallationApprovals(
      ProfileAccess access,
      ToolSources sources,
      Json json,
      Event<InstallationRenamed> renamed,
      RequestPools pools) {
    this.access = access;
    this.sources = sources;
    this.json = json;
    this.renamed = renamed;
    this.pools = pools;
  }

  /**
   * The rules of an installation, as answers show them.
   *
   * @param proposed the rules that it could have; null where it has some
   * @param warnings warnings of rules that no call can meet
   */
  record Shown(
      ApprovalRules rules, @Nullable ApprovalRules proposed, List<InstallationWarning> warnings) {}

  /** The rules of an installation. */
  ApprovalRules of(Installation installation) {
    return ApprovalRules.stored(json, installation.approvals);
  }

  /**
   * Checks the conditions of a request in a turn of the caller; they are known then when it is
   * done. In a transaction, which is no place to wait for a turn, nothing is done.
   *
   * @throws ApiException when the rules are not valid
   */
  void check(Caller caller, ProfileSlug slug, @Nullable InstallationRequest wanted) {
    if (wanted != null && wanted.hasConditions() && !Sql.isInTransaction()) {
      // Who may not install has nothing checked.
      Profile profile = access.require(caller, slug, Right.EDIT);
      Optional<ApprovalRules> _ =
          pools
              .compute()
              .call(
                  WorkOwner.of(caller.username(), profile.id()),
                  () -> wanted.checkedApprovals(() -> ApprovalRules.NONE));
    }
  }

  /** Sets the rules of a request, if it has some. */
  void apply(Installation to, InstallationRequest wanted) {
    wanted.checkedApprovals(() -> proposed(to)).ifPresent(rules -> set(to, rules));
  }

  private ApprovalRules proposed(Installation installation) {
    return installation.servlet == null
        ? ApprovalProposal.ofServer(tools(installation))
        : ApprovalProposal.ofServlet(installation.domains);
  }

  private void set(Installation to, ApprovalRules rules) {
    ApprovalRules present = of(to);
    List<String> known = names(to);
    for (String tool : rules.byTool().keySet()) {
      // A server that nobody has connected yet has listed no tools.
      boolean isKnown =
          known.isEmpty()
              || known.contains(tool)
              || tool.equals(ApprovalRules.OTHERS)
              || present.byTool().containsKey(tool);
      if (!isKnown) {
        throw ApiException.invalid(
            InstallationRequest.APPROVALS,
            "names \"" + tool + "\", which is not one of its tools; it has " + known);
      }
    }
    to.approvals = rules.byTool().isEmpty() ? null : WellFormed.text(json.write(rules.json()));
  }

  /**
   * Checks that calls which waited before a change of an installation still do, or that an owner
   * makes it.
   *
   * @throws ApiException {@link ErrorCode#APPROVALS_LOOSENED}
   */
  void checkChange(Caller caller, Profile profile, ApprovalRules before, Installation after) {
    if (!of(after).areAsStrictAs(before) && !mayLoosen(caller, profile)) {
      throw new ApiException(
          ErrorCode.APPROVALS_LOOSENED,
          "Calls of %s would no longer wait for approval as they do now, which only an owner of the profile may decide, signed in or by a token with the scope approve: ask one, or send rules that are at least as strict as %s."
              .formatted(after.name, json.write(before.json())));
    }
  }

  /**
   * Checks that calls still wait by the rules of tasks, which name tools as models call them.
   *
   * @param before the name that the installation had
   * @throws ApiException that names the tasks
   */
  void checkName(String before, Installation after) {
    if (!after.name.equals(before)) {
      renamed.fire(new InstallationRenamed(after.profileId, before, after.name, names(after)));
    }
  }

  /**
   * Checks that no call of an installation waits, or that an owner uninstalls it.
   *
   * @throws ApiException {@link ErrorCode#APPROVALS_LOOSENED}
   */
  void checkUninstallation(Caller caller, Profile profile, Installation installation) {
    if (of(installation).areAny() && !mayLoosen(caller, profile)) {
      throw new ApiException(
          ErrorCode.APPROVALS_LOOSENED,
          "Calls of %s wait for approval, so only an owner of the profile may uninstall it: ask one."
              .formatted(installation.name));
    }
  }

  // An owner by a credential that may not decide could else decide by other rules.
  private boolean mayLoosen(Caller caller, Profile profile) {
    return access.allows(caller, profile, Right.OWN)
        && caller.rights().scopes().contains(Scope.APPROVE);
  }

  Shown shown(Installation installation) {
    ApprovalRules rules = of(installation);
    return new Shown(
        rules,
        rules.byTool().isEmpty() ? proposed(installation) : null,
        warnings(installation, rules));
  }

  // A rule of a tool that was renamed protects nothing.
  private List<InstallationWarning> warnings(Installation installation, ApprovalRules rules) {
    if (!rules.areAny()) {
      return List.of();
    }
    List<String> known = names(installation);
    List<String> unmet =
        rules.byTool().keySet().stream()
            .filter(tool -> !tool.equals(ApprovalRules.OTHERS) && !known.contains(tool))
            .toList();
    return known.isEmpty() || unmet.isEmpty()
        ? List.of()
        : List.of(
            new InstallationWarning(
                InstallationWarning.APPROVALS_UNKNOWN,
                "The approvals have rules for %s, which are not tools of the installation; it has %s. Name these, or give a rule for \"%s\", which holds for all tools that are not named."
                    .formatted(unmet, known, ApprovalRules.OTHERS)));
  }

  /** The rules in the audit, by fields that no name of a tool makes secret. */
  Map<String, Object> audited(Installation installation) {
    Map<String, Object> audited = new TreeMap<>();
    of(installation)
        .byTool()
        .forEach(
            (tool, rule) -> audited.put(InstallationRequest.APPROVALS + "." + tool, rule.json()));
    return audited;
  }

  private List<String> names(Installation installation) {
    return tools(installation).stream().map(ToolSpec::name).toList();
  }

  private List<ToolSpec> tools(Installation installation) {
    return sources.of(installation.source()).tools(installation.address);
  }
}
