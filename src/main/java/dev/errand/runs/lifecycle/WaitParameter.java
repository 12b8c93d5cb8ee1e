package dev.errand.runs.lifecycle;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.QueryNumber;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The query parameter {@code wait}: how long a request waits for the end of its run. */
public final class WaitParameter {
  private static final int LONGEST = 60;

  private WaitParameter() {}

  /**
   * The time of a parameter, in seconds; zero where it is absent.
   *
   * @throws ApiException when it is not a number from 0 to 60
   */
  public static Duration of(@Nullable String wait) {
    return Duration.ofSeconds(wait == null ? 0 : QueryNumber.of("wait", wait, 0, LONGEST));
  }

  /** Ends a wait early when the request ends, also because the client disconnects. */
  public static Consumer<Runnable> goneOf(CurrentVertxRequest http) {
    return end -> http.getCurrent().addEndHandler(over -> end.run());
  }
}
