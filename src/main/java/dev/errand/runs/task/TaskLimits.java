package dev.errand.runs.task;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.profile.Profile;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The limits of tasks: their number in a profile, and the ceilings of their bounds. */
@ApplicationScoped
class TaskLimits {
  private final RunCeilings ceilings;
  private final int perProfile;
  private final int madeByRuns;

  /**
   * The configured limits.
   *
   * @param perProfile the most tasks of a profile
   * @param madeByRuns the most tasks of a profile that runs may create
   */
  TaskLimits(
      RunCeilings ceilings,
      @ConfigProperty(name = "errand.task.per-profile", defaultValue = "10000") int perProfile,
      @ConfigProperty(name = "errand.task.made-by-runs", defaultValue = "100") int madeByRuns) {
    if (madeByRuns < 0) {
      throw new IllegalStateException(
          "errand.task.made-by-runs (ERRAND_TASK_MADE_BY_RUNS) must be 0 or more.");
    }
    this.ceilings = ceilings;
    this.perProfile = perProfile;
    this.madeByRuns = madeByRuns;
  }

  /** The most that a task may allow its runs. */
  RunCeilings ceilings() {
    return ceilings;
  }

  /**
   * Checks that the profile may have one more task, while the profile is locked.
   *
   * @throws ApiException {@link ErrorCode#TOO_MANY_TASKS}
   */
  void checkNumber(Profile profile) {
    if (Task.count("profileId = ?1 and deletedAt is null", profile.id()) >= perProfile) {
      throw new ApiException(
          ErrorCode.TOO_MANY_TASKS,
          ("The profile %s has %s tasks, the limit set by errand.task.per-profile: delete"
                  + " some.")
              .formatted(profile.name(), perProfile));
    }
  }

  /**
   * Checks that runs may create one more task in the profile, while the profile is locked.
   *
   * @throws ApiException {@link ErrorCode#TOO_MANY_TASKS}
   */
  void checkNumberByRuns(Profile profile) {
    if (Task.count("profileId = ?1 and madeBy is not null and deletedAt is null", profile.id())
        >= madeByRuns) {
      throw new ApiException(
          ErrorCode.TOO_MANY_TASKS,
          "Runs have created "
              + madeByRuns
              + " tasks in this profile, the limit set by errand.task.made-by-runs:"
              + " replace one of these, or have a person delete some.");
    }
    checkNumber(profile);
  }
}
