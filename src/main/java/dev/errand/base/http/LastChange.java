package dev.errand.base.http;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a list last changed, for {@code If-Modified-Since} (RFC 9110, section 13.1.3). HTTP's times
 * are whole seconds, a change is seen only once it is committed, and machines' clocks differ: until
 * a change is {@link #SETTLING} old, no client gets the answer that nothing has changed since.
 */
public record LastChange(Instant at) {
  private static final Duration SETTLING = Duration.ofSeconds(10);

  /**
   * Whether a client that got the list at a time has its present state.
   *
   * @param since the client's value: a {@code Date} or {@code Last-Modified} of an answer
   */
  public boolean isKnownSince(@Nullable String since, Instant now) {
    return since != null
        && HttpDate.read(since)
            .filter(then -> !then.isBefore(settled()) && !then.isAfter(now))
            .isPresent();
  }

  /**
   * The {@code Last-Modified} of the list, which some clients send back instead of {@code Date}.
   */
  public String lastModified(Instant now) {
    return HttpDate.write(now.isBefore(settled()) ? at : settled());
  }

  private Instant settled() {
    return at.plus(SETTLING).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
  }
}
