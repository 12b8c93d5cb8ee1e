package dev.errand.models.wire;

import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error of a model's server.
 *
 * @param status the HTTP status, or the one inside an answer whose own status is 200; 200 where
 *     that has no valid one
 * @param meaning the meaning of the vendor's error code, if it is more specific than the status
 * @param message the server's message; may be empty
 * @param refusesTier whether the tier of service that was asked for has no capacity
 * @param isInAnswer whether it is inside an answer, of which a part may have been counted
 */
public record ServerError(
    int status,
    @Nullable RunError meaning,
    String message,
    boolean refusesTier,
    boolean isInAnswer) {
  private static final int OK = 200;

  /** An error that is not about a tier of service. */
  public ServerError(int status, @Nullable RunError meaning, String message) {
    this(status, meaning, message, false, false);
  }

  /** An error inside an answer with status 200; one without a valid inner status is temporary. */
  public static ServerError inAnswer(int innerStatus, @Nullable RunError meaning, String message) {
    return inAnswer(innerStatus, meaning, message, false);
  }

  /**
   * An error inside an answer with status 200; one without a valid inner status is temporary.
   *
   * @param refusesTier whether the tier of service that was asked for has no capacity
   */
  public static ServerError inAnswer(
      int innerStatus, @Nullable RunError meaning, String message, boolean refusesTier) {
    return new ServerError(
        innerStatus >= 400 && innerStatus < 600 ? innerStatus : OK,
        meaning,
        message,
        refusesTier,
        true);
  }

  /**
   * Converts the error to a permanent or temporary failure.
   *
   * @param hints what the header fields say about another try
   */
  public ModelAnswer of(ModelCall call, RetryHints hints, long tookMs) {
    String tier = call.settings().serviceTier();
    if (refusesTier && tier != null && meaning == null) {
      // Whatever the server says of another try: one may go to another tier.
      return new ModelAnswer.TemporaryFailure(
          RunError.MODEL_UNAVAILABLE,
          "%s has no capacity left for the service tier %s (status %s).%s"
              .formatted(
                  call.host(),
                  VendorWords.of(tier, call.question().key()),
                  status,
                  quote(call.question().key())),
          hints.askedToWait(),
          Usage.Step.waiting(tookMs),
          true,
          false);
    }
    ModelAnswer failure = mayCost(byStatus(call, hints.askedToWait(), tookMs));
    @Nullable Boolean again = hints.shouldRetry();
    if (again == null || meaning != null) {
      return failure;
    }
    return switch (failure) {
      case ModelAnswer.TemporaryFailure passing when !again ->
          new ModelAnswer.Refusal(passing.failure(), passing.sentence(), passing.mayCost());
      case ModelAnswer.Refusal lasting when again ->
          temporaryFailure(lasting.sentence(), hints.askedToWait(), tookMs);
      default -> failure;
    };
  }

  // An answer was begun, or a gateway lost that of the model's server.
  private ModelAnswer mayCost(ModelAnswer failure) {
    if (!isInAnswer && status != 502 && status != 504 && status != 524) {
      return failure;
    }
    return switch (failure) {
      case ModelAnswer.Refusal lasting ->
          new ModelAnswer.Refusal(lasting.failure(), lasting.sentence(), true);
      case ModelAnswer.TemporaryFailure passing ->
          new ModelAnswer.TemporaryFailure(
              passing.failure(),
              passing.sentence(),
              passing.askedToWait(),
              passing.used(),
              passing.tierRefused(),
              true,
              passing.ofRate());
      default -> failure;
    };
  }

  private ModelAnswer byStatus(ModelCall call, @Nullable Duration wait, long tookMs) {
    String host = call.host();
    String said = quote(call.question().key());
    if (status == 402 || meaning == RunError.QUOTA_EXCEEDED) {
      return refusal(
          RunError.QUOTA_EXCEEDED,
          "The account behind the task's key has no quota left at "
              + host
              + ": check its plan and billing."
              + said);
    }
    return switch (status) {
      case 401 ->
          refusal(
              RunError.KEY_REFUSED,
              host
                  + " rejects the task's key (status 401): put a valid one in settings.key of the"
                  + " task or its provider."
                  + said);
      case 403 ->
          refusal(
              RunError.KEY_REFUSED,
              host
                  + " refuses requests with the task's key (status 403): "
                  + (said.isEmpty()
                      ? "put one that may make them in settings.key of the task or its provider."
                      : "mend what it names, or put another key in settings.key of the task or its"
                          + " provider.")
                  + said);
      case 404 ->
          refusal(
              RunError.MODEL_NOT_FOUND,
              "%s has no such model, or the key may not use it: check %s and %s.%s"
                  .formatted(
                      host,
                      call.settings().field("model"),
                      call.settings().field("base_url"),
                      said));
      case OK ->
          temporaryFailure(host + " answered with status 200 and an error." + said, wait, tookMs);
      case 429 ->
          new ModelAnswer.TemporaryFailure(
              RunError.MODEL_UNAVAILABLE,
              host + " limits the rate of requests with this key (status 429)." + said,
              wait,
              Usage.Step.waiting(tookMs),
              false,
              false,
              true);
      case 408, 409 ->
          temporaryFailure(
              host + " asks to try again (status " + status + ")." + said, wait, tookMs);
      default ->
          status >= 500
              ? temporaryFailure(host + " failed (status " + status + ")." + said, wait, tookMs)
              : meaning == RunError.MODEL_NOT_FOUND
                  ? refusal(
                      RunError.MODEL_NOT_FOUND,
                      "%s has no such model: check %s.%s"
                          .formatted(host, call.settings().field("model"), said))
                  : refusal(
                      RunError.MODEL_REFUSED,
                      host + " refused the request (status " + status + ")." + said);
    };
  }

  private String quote(String key) {
    String said = VendorWords.of(message, key);
    return said.isEmpty() ? "" : " It said: " + said;
  }

  private static ModelAnswer temporaryFailure(
      String sentence, @Nullable Duration wait, long tookMs) {
    return new ModelAnswer.TemporaryFailure(RunError.MODEL_UNAVAILABLE, sentence, wait, tookMs);
  }

  private static ModelAnswer refusal(RunError failure, String sentence) {
    return new ModelAnswer.Refusal(failure, sentence);
  }
}
