package dev.errand.adapters.mcp;

import dev.errand.adapters.mcp.CallingRuns.CallingRun;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.Seen;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskReader.NamedTask;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import dev.errand.tools.port.ToolNames;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tools that a caller has in a profile. Names are assigned in a fixed order: Errand's own,
 * those of tasks, those of installations. So a chat that runs a task by its name never calls a tool
 * of an installation that is named {@code run}.
 */
@ApplicationScoped
public class ChatTools {
  private static final String OF_TASKS = "run";

  private final ProfileAccess access;
  private final OwnTools own;
  private final InstalledChatTools installed;
  private final TaskService tasks;
  private final TasksAsTools asTools;
  private final RunTools runs;

  ChatTools(
      ProfileAccess access,
      OwnTools own,
      InstalledChatTools installed,
      TaskService tasks,
      TasksAsTools asTools,
      RunTools runs) {
    this.access = access;
    this.own = own;
    this.installed = installed;
    this.tasks = tasks;
    this.asTools = asTools;
    this.runs = runs;
  }

  /**
   * All tools of a caller, in a stable order: those of tasks, Errand's own, those of installations.
   *
   * @throws ApiException when the caller may not see the profile's runs
   */
  public List<ChatTool> list(Caller caller, ProfileSlug profile) {
    ProfileCaller visitor = visitor(caller, profile, CallingRun.NONE);
    Set<String> taken = new HashSet<>(own.names());
    List<ChatTool> all = new ArrayList<>(ofTasks(visitor, taken));
    all.addAll(own.offered(visitor).values());
    all.addAll(installed.of(visitor, taken));
    return all;
  }

  /**
   * The tool of that name, if the caller has it.
   *
   * @throws ApiException as {@link #list} does
   */
  public Optional<ChatTool> find(Caller caller, ProfileSlug profile, String name, CallingRun run) {
    ProfileCaller visitor = visitor(caller, profile, run);
    if (own.names().contains(name)) {
      return Optional.ofNullable(own.offered(visitor).get(name));
    }
    Set<String> taken = new HashSet<>(own.names());
    // No other name depends on those of tasks.
    Optional<ChatTool> found =
        name.startsWith(OF_TASKS + "_") ? ofTask(visitor, name, taken) : Optional.empty();
    return found.isPresent() ? found : named(name, installed.of(visitor, taken));
  }

  /**
   * Checks that a caller may see the runs of a profile.
   *
   * @throws ApiException as {@link #list} does
   */
  public void check(Caller caller, ProfileSlug profile) {
    var _ = visitor(caller, profile, CallingRun.NONE);
  }

  private ProfileCaller visitor(Caller caller, ProfileSlug profile, CallingRun run) {
    Seen seen = access.requireSeenForList(caller, profile, Right.SEE_RUNS);
    access.keep(caller, seen);
    return new ProfileCaller(caller, profile, seen, run);
  }

  private static Optional<ChatTool> named(String name, List<ChatTool> among) {
    return among.stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  private List<ChatTool> ofTasks(ProfileCaller visitor, Set<String> taken) {
    if (!visitor.mayRunTasks()) {
      return List.of();
    }
    List<ChatTool> all = new ArrayList<>();
    for (NamedTask task : tasks.names(visitor.caller(), visitor.slug(), Right.RUN)) {
      // A disabled one keeps its name, so that no other name changes.
      String name = ToolNames.give(OF_TASKS, task.name(), taken);
      if (task.enabled()) {
        // It is read where it is declared: all of them may have gigabytes of texts.
        all.add(
            new ChatTool(
                name,
                () ->
                    found(visitor, task.name())
                        .map(found -> asTools.of(found, name, visitor.has(Right.SEE)))
                        .orElse(null),
                request -> runs.run(found(visitor, task.name()).orElseThrow(), request)));
      }
    }
    return all;
  }

  // The names of all decide which one it is, but only that one is read.
  private Optional<ChatTool> ofTask(ProfileCaller visitor, String name, Set<String> taken) {
    if (!visitor.mayRunTasks()) {
      return Optional.empty();
    }
    String named = null;
    for (NamedTask task : tasks.names(visitor.caller(), visitor.slug(), Right.RUN)) {
      if (ToolNames.give(OF_TASKS, task.name(), taken).equals(name)) {
        named = task.name();
      }
    }
    return named == null
        ? Optional.empty()
        : found(visitor, named)
            .map(
                task ->
                    new ChatTool(
                        name,
                        () -> asTools.of(task, name, visitor.has(Right.SEE)),
                        request -> runs.run(task, request)));
  }

  private Optional<TaskView> found(ProfileCaller visitor, String task) {
    return tasks.find(visitor.caller(), visitor.slug(), task, Right.RUN).filter(TaskView::enabled);
  }
}
