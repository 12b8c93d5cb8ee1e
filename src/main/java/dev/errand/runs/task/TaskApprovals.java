package dev.errand.runs.task;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskView.TaskWarning;
import dev.errand.tools.install.ProfileToolbox;
import dev.errand.tools.port.ApprovalRule;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.InstallationRenamed;
import dev.errand.tools.port.ToolNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/** The rules of tasks by which tool calls wait, which name tools as models call them. */
@ApplicationScoped
public class TaskApprovals {
  private static final int MOST_NAMED = 5;

  private static final String WITH_RULES =
      """
      SELECT name, settings::json ->> 'approvals' AS approvals FROM task
      WHERE profile_id = :profile_id AND deleted_at IS NULL
        AND settings::json ->> 'approvals' IS NOT NULL
      ORDER BY name
      """;

  private final ProfileAccess access;
  private final ProfileToolbox toolboxes;
  private final Sql sql;
  private final Json json;

  TaskApprovals(ProfileAccess access, ProfileToolbox toolboxes, Sql sql, Json json) {
    this.access = access;
    this.toolboxes = toolboxes;
    this.sql = sql;
    this.json = json;
  }

  /**
   * A task with a warning of rules that no call can meet.
   *
   * @param right by which the caller gets to it
   * @throws ApiException where the caller lacks it
   */
  public TaskView warned(Caller caller, ProfileSlug profile, TaskView task, Right right) {
    ApprovalRules rules = task.settings().bounds().approvals();
    if (rules == null || !rules.areAny()) {
      return task;
    }
    UUID of = access.requireOfTask(caller, profile, task.name(), right).id();
    List<String> unknown =
        toolboxes.unknown(
            of,
            rules.byTool().keySet().stream()
                .filter(name -> !name.equals(ApprovalRules.OTHERS))
                .toList());
    return unknown.isEmpty()
        ? task
        : task.withWarnings(
            List.of(
                new TaskWarning(
                    TaskWarning.APPROVALS_UNKNOWN,
                    "settings.approvals has rules for %s, which no tool of the profile is called: calls of these do not wait by them. Tools are named as models call them, such as chat_post for post of the installation chat; a rule for \"%s\" holds for all that are not named."
                        .formatted(unknown, ApprovalRules.OTHERS))));
  }

  // A rule of a name that passes on protects nothing.
  void check(@Observes InstallationRenamed renamed) {
    List<String> loosened =
        sql
            .statement(WITH_RULES)
            .with("profile_id", renamed.profileId())
            .list(
                row ->
                    new Ruled(row.text("name"), ApprovalRules.stored(json, row.text("approvals"))))
            .stream()
            .filter(task -> task.isLoosened(renamed))
            .map(Ruled::task)
            .toList();
    if (!loosened.isEmpty()) {
      throw ApiException.invalid(
          "name",
          "can't be %s yet: settings.approvals of %s %s rules for tools of %s, as models call them now. Give the same rules there for the new names first, such as %s."
              .formatted(
                  renamed.to(),
                  String.join(", ", loosened.subList(0, Math.min(MOST_NAMED, loosened.size()))),
                  loosened.size() == 1 ? "has" : "have",
                  renamed.from(),
                  renamed.tools().isEmpty()
                      ? renamed.to() + "_…"
                      : name(renamed.to(), renamed.tools().getFirst())));
    }
  }

  /** A task with rules. */
  private record Ruled(String task, ApprovalRules rules) {
    boolean isLoosened(InstallationRenamed renamed) {
      return renamed.tools().stream()
          .anyMatch(
              tool -> {
                ApprovalRule before = rules.of(name(renamed.from(), tool));
                return !rules.of(name(renamed.to(), tool)).isAsStrictAs(before);
              });
    }
  }

  private static String name(String installation, String tool) {
    return ToolNames.give(installation, tool, new HashSet<>());
  }
}
