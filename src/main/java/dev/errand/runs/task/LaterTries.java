package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a run is tried again whose model can't be reached, as it was fixed when the run started.
 *
 * @param waits the time from each failure to the next try
 * @param before the time of the schedule's next run, before which the next try must be; null
 *     without a bound
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LaterTries(List<Duration> waits, @Nullable Instant before) {
  public LaterTries {
    waits = List.copyOf(waits);
  }

  /**
   * The wait until the next try.
   *
   * @param tries how many later tries there were
   * @return empty where there is no further try
   */
  public Optional<Duration> waitAfter(int tries, Instant now) {
    return tries < waits.size() && (before == null || now.plus(waits.get(tries)).isBefore(before))
        ? Optional.of(waits.get(tries))
        : Optional.empty();
  }
}
