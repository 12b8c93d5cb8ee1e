package dev.errand.runs.task;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskView.TaskWarning;
import dev.errand.tools.install.ProfileToolbox;
import dev.errand.tools.install.ProfileToolbox.ListedTool;
import dev.errand.tools.port.ApprovalRule;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.InstallationRenamed;
import dev.errand.tools.port.ToolNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tools that the settings of tasks name as models call them: those that a task gets, and those
 * whose calls wait.
 */
@ApplicationScoped
public class TaskToolNames {
  private static final int MOST_NAMED = 5;

  private static final String NAMING =
      """
      SELECT name, settings::json ->> 'approvals' AS approvals, settings::json ->> 'tools' AS tools
      FROM task
      WHERE profile_id = :profile_id AND deleted_at IS NULL
        AND (settings::json ->> 'approvals' IS NOT NULL OR settings::json ->> 'tools' IS NOT NULL)
      ORDER BY name
      """;

  private final ProfileAccess access;
  private final ProfileToolbox toolboxes;
  private final Sql sql;
  private final Json json;

  TaskToolNames(ProfileAccess access, ProfileToolbox toolboxes, Sql sql, Json json) {
    this.access = access;
    this.toolboxes = toolboxes;
    this.sql = sql;
    this.json = json;
  }

  /**
   * A task with warnings of what it names and no tool is called.
   *
   * @param right by which the caller gets to it
   * @throws ApiException where the caller lacks it
   */
  public TaskView warned(Caller caller, ProfileSlug profile, TaskView task, Right right) {
    TaskSettings settings = task.settings().bounds();
    List<String> chosen = Objects.requireNonNullElse(settings.tools(), List.of());
    List<String> ruled = ruled(settings.approvals());
    if (chosen.isEmpty() && ruled.isEmpty()) {
      return task;
    }
    UUID of = access.requireOfTask(caller, profile, task.name(), right).id();
    ProfileToolbox.Unknown unknown = toolboxes.unknown(of, chosen, ruled);
    List<TaskWarning> warnings = new ArrayList<>();
    if (!unknown.ruled().isEmpty()) {
      warnings.add(
          new TaskWarning(
              TaskWarning.APPROVALS_UNKNOWN,
              "settings.approvals has rules for %s, which no tool of the profile is called: calls of these do not wait by them. Tools are named as models call them, such as chat_post for post of the installation chat; a rule for \"%s\" holds for all that are not named."
                  .formatted(unknown.ruled(), ApprovalRules.OTHERS)));
    }
    if (!unknown.chosen().isEmpty()) {
      warnings.add(
          new TaskWarning(
              TaskWarning.TOOLS_UNKNOWN,
              "settings.tools names %s, which no tool of the profile is called%s: runs go without them. Tools are named as models call them, such as chat_post for post of the installation chat."
                  .formatted(
                      unknown.chosen(),
                      unknown.instead().isEmpty()
                          ? ""
                          : ", or which more than one would be, so that these are chosen as "
                              + first(unknown.instead()))));
    }
    return warnings.isEmpty() ? task : task.withWarnings(warnings);
  }

  /**
   * The tools that tasks of a profile can choose.
   *
   * @throws ApiException where the caller may not change its tasks
   */
  public List<ListedTool> choices(Caller caller, ProfileSlug profile) {
    return toolboxes.listed(access.require(caller, profile, Right.EDIT).id());
  }

  private static List<String> ruled(@Nullable ApprovalRules rules) {
    return rules == null || !rules.areAny()
        ? List.of()
        : rules.byTool().keySet().stream()
            .filter(name -> !name.equals(ApprovalRules.OTHERS))
            .toList();
  }

  // A rule of a name that passes on protects nothing, and a choice of it chooses another tool.
  void check(@Observes InstallationRenamed renamed) {
    List<Naming> tasks =
        sql.statement(NAMING).with("profile_id", renamed.profileId()).list(this::naming);
    String shown =
        renamed.tools().isEmpty()
            ? renamed.to() + "_…"
            : name(renamed.to(), renamed.tools().getFirst());
    List<String> loosened = names(tasks, task -> task.isLoosened(renamed));
    if (!loosened.isEmpty()) {
      throw ApiException.invalid(
          "name",
          "can't be %s yet: settings.approvals of %s %s rules for tools of %s, as models call them now. Give the same rules there for the new names first, such as %s."
              .formatted(
                  renamed.to(),
                  first(loosened),
                  loosened.size() == 1 ? "has" : "have",
                  renamed.from(),
                  shown));
    }
    List<String> changed = names(tasks, task -> task.isChosenOtherwise(renamed));
    if (!changed.isEmpty()) {
      throw ApiException.invalid(
          "name",
          "can't be %s yet: settings.tools of %s %s tools by the names that models call now, or would call then. Name each tool of %s there by both first, such as %s, and remove the old names afterwards."
              .formatted(
                  renamed.to(),
                  first(changed),
                  changed.size() == 1 ? "chooses" : "choose",
                  renamed.from(),
                  shown));
    }
  }

  private static List<String> names(List<Naming> tasks, Predicate<Naming> of) {
    return tasks.stream().filter(of).map(Naming::task).toList();
  }

  private static String first(List<String> tasks) {
    return String.join(", ", tasks.subList(0, Math.min(MOST_NAMED, tasks.size())));
  }

  private Naming naming(Row row) {
    String tools = row.textOrNull("tools");
    return new Naming(
        row.text("name"),
        ApprovalRules.stored(json, row.textOrNull("approvals")),
        tools == null ? null : List.of(json.read(tools, String[].class)));
  }

  /**
   * A task that names tools.
   *
   * @param tools those that it gets; null for all
   */
  private record Naming(String task, ApprovalRules rules, @Nullable List<String> tools) {
    boolean isLoosened(InstallationRenamed renamed) {
      return renamed.tools().stream()
          .anyMatch(
              tool -> {
                ApprovalRule before = rules.of(name(renamed.from(), tool));
                return !rules.of(name(renamed.to(), tool)).isAsStrictAs(before);
              });
    }

    boolean isChosenOtherwise(InstallationRenamed renamed) {
      List<String> chosen = tools;
      return chosen != null
          && renamed.tools().stream()
              .anyMatch(
                  tool ->
                      chosen.contains(name(renamed.from(), tool))
                          != chosen.contains(name(renamed.to(), tool)));
    }
  }

  private static String name(String installation, String tool) {
    return ToolNames.give(installation, tool, new HashSet<>());
  }
}
