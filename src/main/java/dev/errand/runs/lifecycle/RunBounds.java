package dev.errand.runs.lifecycle;

import dev.errand.base.json.Json;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.models.port.Bounds;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.RunCeilings;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads the bounds of runs. */
@ApplicationScoped
public class RunBounds {
  private final RunArchive archive;
  private final RunCeilings ceilings;
  private final Json json;

  RunBounds(RunArchive archive, RunCeilings ceilings, Json json) {
    this.archive = archive;
    this.ceilings = ceilings;
    this.json = json;
  }

  /** The bounds of a run, as if it started now. */
  public Bounds of(Run run) {
    return json.read(archive.assignment(run.id()), AssignedTask.class)
        .settings()
        .bounds(ElapsedClock.now(), ceilings);
  }
}
