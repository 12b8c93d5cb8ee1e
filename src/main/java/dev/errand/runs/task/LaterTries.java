package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
   * @param chance between 0 and 1: lengthens the wait by up to a tenth where there is time, so that
   *     runs that failed together are not tried together
   * @return empty where there is no further try
   */
  public Optional<Duration> waitAfter(int tries, Instant now, double chance) {
    if (tries >= waits.size()) {
      return Optional.empty();
    }
    Duration wait = waits.get(tries);
    Duration longer = wait.plusMillis((long) (wait.toMillis() * chance / 10));
    return Stream.of(longer, wait)
        .filter(each -> before == null || now.plus(each).isBefore(before))
        .findFirst();
  }
}
