package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.FireExplainer.FireExplanation;
import dev.errand.automation.schedule.ScheduleReader.FireDetails;
import dev.errand.automation.schedule.ScheduleReader.ScheduleDetails;
import dev.errand.automation.schedule.ScheduleRegistry.Registered;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging.Listed;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.lifecycle.RunStarter.StartedRun;
import dev.errand.runs.queue.RunStatuses.RunByHand;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The operations on schedules: list, get, register, create, patch, resume, run, delete. */
@ApplicationScoped
public class ScheduleService {
  private final TaskAccess tasks;
  private final ScheduleReader schedules;
  private final ScheduleRegistry registry;
  private final ManualStarts starts;
  private final FireExplainer explainer;
  private final Audit audit;

  ScheduleService(
      TaskAccess tasks,
      ScheduleReader schedules,
      ScheduleRegistry registry,
      ManualStarts starts,
      FireExplainer explainer,
      Audit audit) {
    this.tasks = tasks;
    this.schedules = schedules;
    this.explainer = explainer;
    this.registry = registry;
    this.starts = starts;
    this.audit = audit;
  }

  /**
   * Some of the task's schedules, by name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public Listed<ScheduleDetails> list(
      Caller caller, ProfileSlug profile, String task, String after, int most) {
    return schedules.list(caller, tasks.require(caller, profile, task, Right.SEE), after, most);
  }

  /**
   * The schedule of that name.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  public ScheduleDetails get(Caller caller, ProfileSlug profile, String task, String schedule) {
    return schedules.require(tasks.require(caller, profile, task, Right.SEE), schedule);
  }

  /**
   * The schedule's newest fires, newest first.
   *
   * @throws ApiException as {@link #get}
   */
  public List<FireDetails> fires(Caller caller, ProfileSlug profile, String task, String schedule) {
    return schedules.fires(tasks.require(caller, profile, task, Right.SEE), schedule);
  }

  /**
   * The schedule's newest runs that were started by hand, newest first.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  public List<RunByHand> byHand(Caller caller, ProfileSlug profile, String task, String schedule) {
    return schedules.byHand(tasks.require(caller, profile, task, Right.SEE), schedule);
  }

  /**
   * Explains why a time led to a run, or why it did not.
   *
   * @param at an instant, or a local time of the schedule's zone
   * @throws ApiException as {@link #get}, or when it is no time
   */
  public FireExplanation explain(
      Caller caller, ProfileSlug profile, String task, String schedule, String at) {
    return explainer.explain(tasks.require(caller, profile, task, Right.SEE), schedule, at);
  }

  /**
   * Registers a schedule, or replaces its definition.
   *
   * @throws ApiException as {@link #list}, or when what is wanted is not valid; nothing is changed
   *     then
   */
  @Transactional
  public Registered register(
      Caller caller,
      ProfileSlug profile,
      String task,
      String schedule,
      @Nullable ScheduleRequest wanted) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: an object with cron, every or at");
    }
    return recorded(caller, snapshot, null, registry.register(snapshot, schedule, wanted, 0));
  }

  /**
   * Registers a new schedule.
   *
   * @throws ApiException as {@link #register}, or {@link ErrorCode#ALREADY_EXISTS}
   */
  @Transactional
  public Registered create(
      Caller caller, ProfileSlug profile, String task, String schedule, ScheduleRequest wanted) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    return recorded(caller, snapshot, null, registry.create(snapshot, schedule, wanted));
  }

  /**
   * Changes the fields that a patch names. A disabled schedule resumes if the patch enables it, a
   * paused one if the patch names {@code enabled} with true or changes a time rule.
   *
   * @param patch a JSON Merge Patch (RFC 7396)
   * @throws ApiException as {@link #get}, or when the result is not valid; nothing is changed then
   */
  @Transactional
  public ScheduleDetails patch(
      Caller caller, ProfileSlug profile, String task, String schedule, ObjectNode patch) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    return recorded(caller, snapshot, null, registry.patch(snapshot, schedule, patch)).details();
  }

  /**
   * Registers a schedule for a run, or replaces one that a run of the same depth has created.
   *
   * @param depth the depth of the runs that it starts, 1 or more
   * @throws ApiException as {@link #list}, {@link ErrorCode#ALREADY_EXISTS} where the schedule of
   *     that name has a lower depth, or does not fire, or when what is wanted is not valid; nothing
   *     is changed then
   */
  @Transactional
  public ScheduleView registerByRun(
      Caller caller,
      ProfileSlug profile,
      String task,
      String schedule,
      ScheduleRequest wanted,
      int depth) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    Registered kept =
        recorded(caller, snapshot, null, registry.registerByRun(snapshot, schedule, wanted, depth));
    return ScheduleView.of(kept.details(), UnaryOperator.identity());
  }

  /**
   * Resumes a schedule that paused itself.
   *
   * @throws ApiException as {@link #get}, or when its parameters no longer fit the task
   */
  @Transactional
  public ScheduleDetails resume(Caller caller, ProfileSlug profile, String task, String schedule) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    return recorded(
            caller, snapshot, AuditAction.SCHEDULE_RESUMED, registry.resume(snapshot, schedule))
        .details();
  }

  /**
   * Starts a run of the schedule at once, with its parameters; its times stay as they are.
   *
   * @throws ApiException as {@link #get}, or when the run can't be started
   */
  public StartedRun run(Caller caller, ProfileSlug profile, String task, String schedule) {
    return starts.now(caller, tasks.require(caller, profile, task, Right.RUN), schedule);
  }

  /**
   * Deletes a schedule; the runs that it started stay.
   *
   * @throws ApiException as {@link #get}
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug profile, String task, String schedule) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    ScheduleView before = ScheduleView.defined(registry.delete(snapshot, schedule));
    audit.record(caller, AuditAction.SCHEDULE_DELETED, path(snapshot, schedule), before, null);
  }

  private Registered recorded(
      Caller caller, TaskSnapshot task, @Nullable AuditAction action, Registered kept) {
    Schedule before = kept.before();
    Schedule after = kept.details().schedule();
    AuditAction kind = before == null ? AuditAction.SCHEDULE_CREATED : AuditAction.SCHEDULE_CHANGED;
    audit.record(
        caller,
        action == null ? kind : action,
        path(task, after.name()),
        before == null ? null : ScheduleView.defined(before),
        ScheduleView.defined(after));
    return kept;
  }

  private static String path(TaskSnapshot task, String schedule) {
    return task.path() + "/schedules/" + schedule;
  }
}
