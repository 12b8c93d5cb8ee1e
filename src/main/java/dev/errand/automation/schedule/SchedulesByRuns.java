package dev.errand.automation.schedule;

import dev.errand.automation.schedule.ScheduleRegistry.Registered;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** Registers schedules for runs. A run never replaces a person's schedule. */
@ApplicationScoped
class SchedulesByRuns {
  private final ScheduleRegistry registry;
  private final ScheduleRows rows;

  SchedulesByRuns(ScheduleRegistry registry, ScheduleRows rows) {
    this.registry = registry;
    this.rows = rows;
  }

  /**
   * Creates a schedule for a run, or replaces one that a run of the same depth has created.
   *
   * @param depth the depth of the runs that it starts, 1 or more
   * @throws ApiException when it is not valid, or there is one of that name that has a lower depth,
   *     such as a person's, or that does not fire; nothing is changed then
   */
  @Transactional
  Registered byRun(TaskSnapshot task, String name, ScheduleRequest wanted, int depth) {
    // The lock keeps others from changing or pausing it between this check and the registration.
    boolean _ = rows.takeTurn(task.id());
    Optional<Schedule> known = rows.find(task.id(), name, true);
    if (known.isPresent() && known.get().depth() < depth) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "A person, or a run of a lower depth than this one, created or changed the schedule "
              + name
              + ", and this run may not replace it: choose another name.");
    }
    if (known.isPresent() && !known.get().isGoing()) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "The schedule "
              + name
              + " is disabled or has paused itself; only a person may resume it.");
    }
    return registry.register(task, name, wanted, depth);
  }
}
