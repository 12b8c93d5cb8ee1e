package dev.errand.runs.lifecycle;

import dev.errand.base.json.Json;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.models.port.Bounds;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.RunCeilings;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads what was fixed when runs started: their settings, and their bounds. */
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

  /** The settings of a run. */
  public AssignedTask settings(Run run) {
    return json.read(archive.assignment(run.id()), AssignedTask.class);
  }

  /** The bounds of a run with these settings, as if it started now. */
  public Bounds of(AssignedTask task) {
    return task.settings().bounds(ElapsedClock.now(), ceilings);
  }
}
