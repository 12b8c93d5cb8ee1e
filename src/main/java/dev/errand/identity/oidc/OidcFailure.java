package dev.errand.identity.oidc;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.Reason;
import io.quarkus.oidc.OIDCException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.security.AuthenticationCompletionException;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.MultiMap;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/** Explains why a sign-in failed: to the person in the answer, and to the operator in the log. */
final class OidcFailure {
  private static final Logger LOG = Logger.getLogger("dev.errand.oidc");
  private static final Duration LATER = Duration.ofSeconds(10);
  private static final AtomicLong WARNED = new AtomicLong();
  // RFC 6749, section 4.1.2.1.
  private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");

  private OidcFailure() {}

  /** The error of a step that failed. */
  static ApiException error(RuntimeException failure, String provider, MultiMap query) {
    List<Throwable> chain = chain(failure);
    Throwable root = chain.getLast();
    if (is(chain, ConfigurationException.class)) {
      LOG.errorf("The settings quarkus.oidc can't be used: %s", Reason.of(root));
      return unavailable(
          "The settings of the OpenID provider are not complete; the log of the service says which.");
    }
    // A refusal by the provider has the same class as an unreachable provider, but as the cause of
    // another.
    boolean isAway =
        is(chain, IOException.class)
            || is(chain, VertxException.class)
            // The failure of a closed connection: the framework reports its cause, and there is
            // none.
            || root instanceof NullPointerException
            || is(chain, TimeoutException.class)
            || (is(chain, OIDCException.class)
                && !is(chain, AuthenticationCompletionException.class));
    if (isAway) {
      // Anyone may send such requests, without a limit.
      LOG.logf(
          isTimeToWarn() ? Logger.Level.WARN : Logger.Level.DEBUG,
          "The OpenID provider %s does not answer: %s",
          provider,
          reason(root));
      return unavailable(
          ("The OpenID provider %s does not answer, so sign-in by it is not possible for the"
                  + " moment. Passwords, sessions and tokens work as before.")
              .formatted(provider));
    }
    String error = query.get("error");
    if (error != null) {
      return refused(
          ERROR.matcher(error).matches()
              ? "the provider answered `" + error + "`"
              : "the provider answered with an error");
    }
    LOG.infof("A sign-in by OIDC was refused: %s", why(chain));
    return refused("what the provider sent is not valid here");
  }

  /** The error of a refused sign-in. */
  static ApiException refused(String why) {
    return new ApiException(
        ErrorCode.SIGN_IN_REFUSED, "The sign-in was not completed: " + why + ". Begin it again.");
  }

  /** What is wrong with a token, without its content. */
  static Optional<String> wrong(InvalidJwtException refusal) {
    return refusal.getErrorDetails().isEmpty()
        ? Optional.empty()
        : Optional.of(
            refusal.getErrorDetails().stream()
                .map(ErrorCodeValidator.Error::getErrorMessage)
                .collect(Collectors.joining("; ")));
  }

  private static String why(List<Throwable> chain) {
    return chain.stream()
        .filter(InvalidJwtException.class::isInstance)
        .map(InvalidJwtException.class::cast)
        .flatMap(refusal -> wrong(refusal).stream())
        .findFirst()
        .orElseGet(() -> Reason.of(chain.getLast()));
  }

  private static boolean isTimeToWarn() {
    long now = System.nanoTime();
    long last = WARNED.get();
    return (last == 0 || now - last > LATER.toNanos()) && WARNED.compareAndSet(last, now);
  }

  private static String reason(Throwable root) {
    return root instanceof NullPointerException ? "the connection was closed" : Reason.of(root);
  }

  private static ApiException unavailable(String detail) {
    return ApiException.retryLater(ErrorCode.UNAVAILABLE, detail, LATER);
  }

  private static boolean is(List<Throwable> chain, Class<? extends Throwable> type) {
    return chain.stream().anyMatch(type::isInstance);
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (@Nullable Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}
