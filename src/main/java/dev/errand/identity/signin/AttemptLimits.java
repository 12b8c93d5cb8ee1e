package dev.errand.identity.signin;

import dev.errand.base.budget.RateBuckets;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/**
 * Limits attempts to sign in with a password, for each account and from each network address, in
 * this process.
 */
@ApplicationScoped
public class AttemptLimits {
  private final SignInConfig config;
  private final RateBuckets buckets;

  AttemptLimits(Clock clock, SignInConfig config) {
    this.config = config;
    this.buckets = new RateBuckets(clock);
  }

  /**
   * Counts an attempt.
   *
   * @param account the given name, which need not be a user's
   * @param address where the attempt comes from
   * @throws ApiException {@link ErrorCode#RATE_LIMITED}, with the time to wait
   */
  public void count(String account, String address) {
    use("address " + address, config.perAddress());
    use("account " + account, config.perAccount());
  }

  private void use(String key, int perMinute) {
    RateBuckets.Use use = buckets.use(key, perMinute);
    if (!use.granted()) {
      throw ApiException.retryLater(
          ErrorCode.RATE_LIMITED,
          "Too many passwords were tried. Retry in " + RetryDelay.seconds(use.pause()) + " s.",
          use.pause());
    }
  }
}
