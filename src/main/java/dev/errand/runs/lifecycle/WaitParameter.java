package dev.errand.runs.lifecycle;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.Durations;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The query parameter {@code wait}: how long a request waits for the end of its run. */
public final class WaitParameter {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  private WaitParameter() {}

  /**
   * The time of a parameter, a number of seconds or a duration; zero where it is absent.
   *
   * @throws ApiException when it is neither, or more than 60 seconds
   */
  public static Duration of(@Nullable String wait) {
    if (wait == null) {
      return Duration.ZERO;
    }
    return Durations.find(SECONDS.matcher(wait).matches() ? wait + "s" : wait)
        .filter(time -> time.compareTo(LONGEST) <= 0)
        .orElseThrow(
            () ->
                ApiException.invalid("wait", "must be 0 to 60 seconds, such as 30, 30s or PT30S"));
  }

  /** Ends a wait early when the request ends, also because the client disconnects. */
  public static Consumer<Runnable> goneOf(CurrentVertxRequest http) {
    return end -> http.getCurrent().addEndHandler(over -> end.run());
  }
}
