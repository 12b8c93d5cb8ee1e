package dev.errand.identity.auth;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import dev.errand.base.limit.RateBuckets;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/**
 * Limits how many requests a user, and a token, sends to this process. Answers say how many are
 * left, in the form of the draft "RateLimit header fields for HTTP" of the IETF's HTTPAPI group.
 */
@ApplicationScoped
public class RequestLimits {
  private final RequestLimitConfig config;
  private final RateBuckets buckets;

  RequestLimits(Clock clock, RequestLimitConfig config) {
    this.config = config;
    this.buckets = new RateBuckets(clock);
  }

  /**
   * Counts a request.
   *
   * @param answer gets the fields {@code RateLimit-Policy} and {@code RateLimit}
   * @throws ApiException {@link ErrorCode#RATE_LIMITED}, with the time to wait
   */
  public void count(Caller caller, HttpServerResponse answer) {
    Rights.ByToken token = caller.rights().token();
    if (token != null) {
      use("token", token.id().toString(), config.perToken(), answer);
    }
    use("user", caller.id().toString(), config.perUser(), answer);
  }

  private void use(String kind, String id, int perMinute, HttpServerResponse answer) {
    RateBuckets.Use use = buckets.use(kind + " " + id, perMinute);
    add(answer, "RateLimit-Policy", "\"" + kind + "\";q=" + perMinute + ";w=60");
    add(
        answer,
        "RateLimit",
        "\"" + kind + "\";r=" + use.left() + ";t=" + RetryDelay.seconds(use.full()));
    if (!use.granted()) {
      throw ApiException.retryLater(
          ErrorCode.RATE_LIMITED,
          "This %s sends more than %d requests per minute. Retry in %d s."
              .formatted(kind, perMinute, RetryDelay.seconds(use.pause())),
          use.pause());
    }
  }

  // A list in one field: how many are left for a token and for its user.
  private static void add(HttpServerResponse answer, String name, String item) {
    String before = answer.headers().get(name);
    answer.putHeader(name, before == null ? item : before + ", " + item);
  }
}
