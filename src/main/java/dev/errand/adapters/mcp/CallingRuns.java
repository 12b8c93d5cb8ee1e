package dev.errand.adapters.mcp;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.Right;
import dev.errand.runs.history.RunArchive;
import dev.errand.tools.mcp.RunReferences;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Finds the runs that call tools of this service by the protocol. */
@Singleton
class CallingRuns {
  private final RunReferences references;
  private final RunArchive archive;
  private final ProfileAccess access;

  CallingRuns(RunReferences references, RunArchive archive, ProfileAccess access) {
    this.references = references;
    this.archive = archive;
    this.access = access;
  }

  /**
   * A run as the caller of a tool.
   *
   * @param above how many runs are above one that it starts; 0 where a person calls
   * @param runId the run, in whose tree those are that it starts; null where it is not known, as
   *     where it is a run of another service
   */
  record CallingRun(int above, @Nullable Long runId) {
    static final CallingRun NONE = new CallingRun(0, null);
  }

  /**
   * The run that makes a request. It is known only until it ends, and to those who may start runs
   * in its profile: others can't spend its budgets with a reference that they were sent.
   */
  CallingRun of(Caller caller, McpRequest request) throws McpError {
    int above = request.runsAbove();
    if (above == 0) {
      return CallingRun.NONE;
    }
    Long runId =
        request
            .callingRun()
            .flatMap(references::runId)
            .filter(id -> maySpendFor(caller, id))
            .orElse(null);
    return new CallingRun(above, runId);
  }

  private boolean maySpendFor(Caller caller, long runId) {
    return archive
        .liveProfileId(runId)
        .filter(id -> access.hasRole(caller, id, Right.RUN))
        .isPresent();
  }
}
