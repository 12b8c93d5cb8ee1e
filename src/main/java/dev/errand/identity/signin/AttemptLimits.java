package dev.errand.identity.signin;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import dev.errand.base.limit.RateBuckets;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/**
 * Limits attempts to sign in with a password, in this process: from each network, from each network
 * to each account, and to each account from all networks where its user is not signed in. So nobody
 * can lock a user out of the places where they are signed in.
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
   * Counts an attempt from a network, before anything is looked up.
   *
   * @throws ApiException {@link ErrorCode#RATE_LIMITED}, with the time to wait
   */
  public void count(String network) {
    use("network " + network, config.perAddress());
  }

  /**
   * Counts an attempt to sign in to an account.
   *
   * @param account the given name, which need not be a user's
   * @param known whether the user is signed in there
   * @throws ApiException {@link ErrorCode#RATE_LIMITED}, with the time to wait
   */
  public void count(String account, String network, boolean known) {
    use("account " + network + " " + account, config.perAccount());
    if (!known) {
      use("strangers " + account, config.perAccountByStrangers());
    }
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
