package dev.errand.models.port;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a run may ask its model, as the rate of its key allows. It is asked before each request, and
 * told what became of it. It is used by the thread that executes the run.
 */
public interface Pace {
  /** No rate is known. */
  Pace FREE =
      new Pace() {
        @Override
        public boolean isLimited() {
          return false;
        }

        @Override
        public boolean countsTokens() {
          return false;
        }

        @Override
        public Permit take(long tokens) {
          return Go.NOW;
        }

        @Override
        public void ended(@Nullable Long tokens) {}

        @Override
        public void told(RateLimits limits, boolean isRefused) {}

        @Override
        public void refused(@Nullable Duration askedToWait) {}
      };

  /** Whether a rate is given or known now. */
  boolean isLimited();

  /** Whether that has tokens. */
  boolean countsTokens();

  /**
   * Takes the next place for a request, across all processes, or joins the line of those who wait.
   *
   * @param tokens the most that it can use; 0 where they are not counted
   */
  Permit take(long tokens) throws InterruptedException;

  /**
   * Tells that the request for which a place was taken is over.
   *
   * @param tokens how many it used; null where that is not known
   */
  void ended(@Nullable Long tokens);

  /**
   * Tells what the server says of its own limits, which are nearly reached.
   *
   * @param isRefused whether it has refused the request, which {@link #refused} tells then
   */
  void told(RateLimits limits, boolean isRefused);

  /**
   * Tells that the server refused the request since there were too many.
   *
   * @param askedToWait how long it asks to wait; null where it does not say
   */
  void refused(@Nullable Duration askedToWait);

  /** What becomes of a request. */
  sealed interface Permit {}

  /**
   * It may be sent.
   *
   * @param in after this time, about a second or less
   */
  record Go(Duration in) implements Permit {
    static final Go NOW = new Go(Duration.ZERO);
  }

  /**
   * The run waits in the line.
   *
   * @param until when its turn may come
   */
  record InLine(Instant until) implements Permit {}

  /**
   * The limits of a server, by the header fields of its answers.
   *
   * @param perRequest the time in which it allows one more request; null where it says nothing
   * @param perToken the seconds in which it allows one more token; null where it says nothing
   * @param next in which time it allows the next one, where it allows none now; null where it does
   * @param until how long these hold, until all is as if nothing had been sent
   */
  record RateLimits(
      @Nullable Duration perRequest,
      @Nullable Double perToken,
      @Nullable Duration next,
      Duration until) {}
}
