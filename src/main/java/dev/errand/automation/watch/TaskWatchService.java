package dev.errand.automation.watch;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskAccess;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what is expected of tasks over time, and what of it is missed. */
@ApplicationScoped
public class TaskWatchService {
  private final TaskAccess tasks;
  private final ProfileAccess access;
  private final WatchRows rows;

  TaskWatchService(TaskAccess tasks, ProfileAccess access, WatchRows rows) {
    this.tasks = tasks;
    this.access = access;
    this.rows = rows;
  }

  /**
   * What is expected of a task.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public List<TaskWatchView> of(Caller caller, ProfileSlug profile, String task) {
    return rows.of(tasks.require(caller, profile, task, Right.SEE).id());
  }

  /**
   * What is missed in a profile, by the names of the tasks, the oldest first.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public Map<String, List<TaskWatchView>> missed(Caller caller, ProfileSlug slug, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    Map<String, List<TaskWatchView>> missed = new LinkedHashMap<>();
    for (WatchRows.MissedOf each : rows.missedOf(profile.id(), most)) {
      if (ProfileAccess.coversTask(caller, profile, slug, each.task())) {
        missed.computeIfAbsent(each.task(), _ -> new ArrayList<>()).add(each.watch());
      }
    }
    return missed;
  }

  /** How many conditions are missed, of all tasks. */
  public int countMissed() {
    return rows.countMissed();
  }
}
