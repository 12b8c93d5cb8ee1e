package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleRegistry.Registered;
import dev.errand.automation.schedule.ScheduleStore.Told;
import dev.errand.automation.schedule.ScheduleStore.ToldFire;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.run.start.RunStarter.StartedRun;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations on schedules: list, get, register, patch, resume, run, delete. */
@ApplicationScoped
public class ScheduleService {
  private final ProfileAccess access;
  private final TaskStore tasks;
  private final ScheduleStore schedules;
  private final ScheduleRegistry registry;
  private final SchedulesByRuns made;
  private final ScheduleStarts starts;
  private final SchedulePatches patches;

  ScheduleService(
      ProfileAccess access,
      TaskStore tasks,
      ScheduleStore schedules,
      ScheduleRegistry registry,
      SchedulesByRuns made,
      ScheduleStarts starts,
      SchedulePatches patches) {
    this.access = access;
    this.tasks = tasks;
    this.schedules = schedules;
    this.registry = registry;
    this.made = made;
    this.starts = starts;
    this.patches = patches;
  }

  /**
   * Some of the task's schedules, by name.
   *
   * @param after the name that they follow
   * @param most how many
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public List<Told> list(Caller caller, ProfileSlug profile, String task, String after, int most) {
    return schedules.list(task(caller, profile, task, Right.SEE), after, most);
  }

  /**
   * The schedule of that name.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  public Told get(Caller caller, ProfileSlug profile, String task, String schedule) {
    return schedules.require(task(caller, profile, task, Right.SEE), schedule);
  }

  /**
   * The schedule's newest fires, newest first.
   *
   * @throws ApiException as {@link #get}
   */
  public List<ToldFire> fires(Caller caller, ProfileSlug profile, String task, String schedule) {
    return schedules.fires(task(caller, profile, task, Right.SEE), schedule);
  }

  /**
   * Registers a schedule, or replaces its definition.
   *
   * @throws ApiException as {@link #list}, or when what is wanted is not valid; nothing is changed
   *     then
   */
  public Registered register(
      Caller caller,
      ProfileSlug profile,
      String task,
      String schedule,
      @Nullable ScheduleRequest wanted) {
    Task of = task(caller, profile, task, Right.EDIT);
    if (wanted == null) {
      throw ApiException.invalid(
          "body", "is required: {\"cron\"}, {\"every\"} or {\"at\"}, with what goes with it");
    }
    return registry.register(of, schedule, wanted, 0);
  }

  /**
   * Changes the fields that a patch names. A disabled schedule resumes if the patch enables it, a
   * paused one if the patch names {@code enabled} with true or changes a time rule.
   *
   * @param patch a JSON Merge Patch (RFC 7396)
   * @throws ApiException as {@link #get}, or when what comes of it is not valid; nothing is changed
   *     then
   */
  public Told patch(
      Caller caller, ProfileSlug profile, String task, String schedule, ObjectNode patch) {
    return patches.apply(task(caller, profile, task, Right.EDIT), schedule, patch).told();
  }

  /**
   * Registers a schedule for a run, or replaces one that a run as deep has made.
   *
   * @param depth how many runs stand above those that it starts, 1 or more
   * @throws ApiException as {@link #list}, {@link ErrorCode#ALREADY_EXISTS} where the one of that
   *     name stands less deep or stands still, or when what is wanted is not valid; nothing is
   *     changed then
   */
  public ScheduleView registerByRun(
      Caller caller,
      ProfileSlug profile,
      String task,
      String schedule,
      ScheduleRequest wanted,
      int depth) {
    return made.byRun(task(caller, profile, task, Right.EDIT), schedule, wanted, depth);
  }

  /**
   * Resumes a schedule that paused itself.
   *
   * @throws ApiException as {@link #get}, or when its parameters don't fit the task any more
   */
  public Told resume(Caller caller, ProfileSlug profile, String task, String schedule) {
    return registry.resume(task(caller, profile, task, Right.EDIT), schedule);
  }

  /**
   * Starts a run of the schedule at once, with its parameters; its times stay as they are.
   *
   * @throws ApiException as {@link #get}, or when the run can't be started
   */
  public StartedRun run(Caller caller, ProfileSlug profile, String task, String schedule) {
    return starts.now(task(caller, profile, task, Right.RUN), schedule);
  }

  /**
   * Deletes a schedule; the runs that it started stay.
   *
   * @throws ApiException as {@link #get}
   */
  public void delete(Caller caller, ProfileSlug profile, String task, String schedule) {
    registry.delete(task(caller, profile, task, Right.EDIT), schedule);
  }

  private Task task(Caller caller, ProfileSlug profile, String name, Right right) {
    return tasks.require(access.requireOfTask(caller, profile, name, right), name);
  }
}
