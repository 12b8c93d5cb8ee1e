package dev.errand.runs.lifecycle;

import dev.errand.base.json.Json;
import dev.errand.models.port.Bounds;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.RunCeilings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Objects;

/** Reads what was fixed when runs started: their settings, and their bounds. */
@ApplicationScoped
public class RunBounds {
  private final RunArchive archive;
  private final RunCeilings ceilings;
  private final Json json;
  private final Clock clock;

  RunBounds(RunArchive archive, RunCeilings ceilings, Json json, Clock clock) {
    this.archive = archive;
    this.ceilings = ceilings;
    this.json = json;
    this.clock = clock;
  }

  /** The settings of a run. */
  public AssignedTask settings(Run run) {
    return json.read(archive.assignment(run.id()), AssignedTask.class);
  }

  /** The bounds of a run with these settings; for one that has not started, as if it did now. */
  public Bounds of(Run run, AssignedTask task) {
    return task.settings()
        .bounds(Objects.requireNonNullElseGet(run.startedAt(), clock::instant), ceilings);
  }
}
