package dev.errand.runs.lifecycle;

import dev.errand.base.database.DatabaseTime;
import dev.errand.runs.history.NewestReadyRuns;
import dev.errand.runs.history.NewestReadyRuns.Origin;
import dev.errand.runs.prompt.BuiltInValues;
import dev.errand.runs.prompt.PreviousRun;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the built-in values of prompts ({@code @previous}, {@code @now}, …) for runs that start.
 * It reads the database once for all of them, and only if a prompt needs it.
 */
@Singleton
public class StartValues {
  private final NewestReadyRuns previous;
  private final Clock clock;

  StartValues(NewestReadyRuns previous, @DatabaseTime Clock clock) {
    this.previous = previous;
    this.clock = clock;
  }

  /**
   * A run that starts.
   *
   * @param payload the value of {@code {{ @payload }}}
   * @param headers the values of {@code {{ @headers.… }}}, by name
   * @param time the time of the schedule that starts it; null without one
   */
  public record Start(
      TaskSnapshot task,
      String name,
      String payload,
      Map<String, String> headers,
      @Nullable ScheduledTime time) {
    Start(TaskSnapshot task, String name, String payload, @Nullable ScheduledTime time) {
      this(task, name, payload, Map.of(), time);
    }

    private Origin origin() {
      return new Origin(task.id(), time == null ? null : time.schedule());
    }

    boolean comparesWithPrevious() {
      return names(BuiltInValues.PREVIOUS);
    }

    // The settings are JSON written by the service, in which such a name is unchanged.
    private boolean names(String name) {
      return task.runnerSettings().contains(name);
    }
  }

  public List<BuiltInValues> of(List<Start> starts) {
    Map<Origin, PreviousRun> found =
        previous.of(
            starts.stream()
                .filter(Start::comparesWithPrevious)
                .map(Start::origin)
                .collect(Collectors.toSet()));
    Instant now =
        starts.stream().anyMatch(start -> start.names(BuiltInValues.NOW)) ? clock.instant() : null;
    return starts.stream().map(start -> of(start, found.get(start.origin()), now)).toList();
  }

  private static BuiltInValues of(
      Start start, @Nullable PreviousRun previous, @Nullable Instant now) {
    ScheduledTime time = start.time();
    ZoneId zone = time == null ? ZoneOffset.UTC : time.zone();
    return new BuiltInValues(
        start.payload(),
        start.headers(),
        start.task().name(),
        start.name(),
        zone,
        now,
        time == null ? null : time.time(),
        previous);
  }
}
