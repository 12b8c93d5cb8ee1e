package dev.errand.base.egress.client;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.http.RetryAfter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Posts to an address that a user named, once, and tells how it ended. Redirects are not followed.
 */
@Singleton
public class GuardedPost {
  private static final byte[] NONE = {};

  private final GuardedHttp http;
  private final Clock clock;

  GuardedPost(GuardedHttp http, Clock clock) {
    this.http = http;
    this.clock = clock;
  }

  /**
   * How it ended.
   *
   * @param status the HTTP status; null where there was no answer
   * @param error a sentence that says why there was none, without the path of the address; null
   *     where there was one
   * @param isRefused whether the egress rules refused the address
   * @param askedToWait how long the receiver asks to wait by {@code Retry-After}; zero for no wish
   * @param body the beginning of the answer, as much as was wanted
   */
  public record Posted(
      @Nullable Integer status,
      @Nullable String error,
      boolean isRefused,
      Duration took,
      Duration askedToWait,
      byte[] body) {
    /** Whether the receiver accepted it. */
    public boolean isAccepted() {
      return status != null && status >= 200 && status < 300;
    }
  }

  /**
   * Sends it.
   *
   * @param mostOfAnswer the most bytes of the answer's body, or {@link GuardedHttp.Request#NO_BODY}
   */
  public Posted send(
      String url, Map<String, String> headers, byte[] body, Duration timeout, int mostOfAnswer)
      throws InterruptedException {
    long begun = System.nanoTime();
    try {
      GuardedHttp.Answer answer =
          http.send(
              new GuardedHttp.Request(
                  "POST", url, headers, body, List.of("*"), timeout, mostOfAnswer, 0));
      return new Posted(
          answer.status(), null, false, since(begun), askedToWait(answer), answer.body());
    } catch (EgressRefusedException e) {
      return failed(e, true, begun);
    } catch (IOException e) {
      return failed(e, false, begun);
    }
  }

  private static Posted failed(IOException why, boolean isRefused, long begun) {
    return new Posted(
        null, String.valueOf(why.getMessage()), isRefused, since(begun), Duration.ZERO, NONE);
  }

  private Duration askedToWait(GuardedHttp.Answer answer) {
    return RetryAfter.in(
            name -> answer.headers().getOrDefault(name, List.of("")).getFirst(), clock.instant())
        .orElse(Duration.ZERO);
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
