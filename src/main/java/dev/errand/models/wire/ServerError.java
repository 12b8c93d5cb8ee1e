package dev.errand.models.wire;

import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.RunFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a model's server did not answer with a message.
 *
 * @param status the HTTP status, or the one that the server names in an answer whose status is 200
 * @param meaning what its vendor's own code means, where that says more than the status; else null
 * @param message what it says, which may be empty
 */
public record ServerError(int status, @Nullable RunFailure meaning, String message) {
  private static final int LONGEST_QUOTE = 300;
  private static final int FAILED = 500;

  /** An error that is told of with status 200; a status which is none counts as a failure. */
  public static ServerError inAnswer(int told, @Nullable RunFailure meaning, String message) {
    return new ServerError(told >= 400 && told < 600 ? told : FAILED, meaning, message);
  }

  /**
   * What follows for the run, and whether to ask again.
   *
   * @param wait how long the server wants to be left alone; null where it does not say
   * @param tookMs how long the answer took, in milliseconds
   */
  public ModelAnswer of(ModelCall call, @Nullable Duration wait, long tookMs) {
    String host = call.host();
    String said = quote(call.question().key());
    if (status == 402 || meaning == RunFailure.QUOTA_EXCEEDED) {
      return refusal(
          RunFailure.QUOTA_EXCEEDED,
          "The account behind the task's key has no quota left at "
              + host
              + ": check its plan and billing."
              + said);
    }
    return switch (status) {
      case 401, 403 ->
          refusal(
              RunFailure.KEY_REFUSED,
              host
                  + " does not take the task's key (status "
                  + status
                  + "): put a valid one in settings.key.");
      case 404 ->
          refusal(
              RunFailure.MODEL_NOT_FOUND,
              host
                  + " has no such model, or the key may not use it: check "
                  + call.settings().field("model")
                  + " and "
                  + call.settings().field("base_url")
                  + "."
                  + said);
      case 429 ->
          setback(host + " is asked too often for this key (status 429)." + said, wait, tookMs);
      case 408, 409 ->
          setback(host + " asks to try again (status " + status + ")." + said, wait, tookMs);
      default ->
          status >= 500
              ? setback(host + " failed (status " + status + ")." + said, wait, tookMs)
              : meaning == RunFailure.MODEL_NOT_FOUND
                  ? refusal(
                      RunFailure.MODEL_NOT_FOUND,
                      host
                          + " has no such model: check "
                          + call.settings().field("model")
                          + "."
                          + said)
                  : refusal(
                      RunFailure.MODEL_REFUSED,
                      host + " refused the request (status " + status + ")." + said);
    };
  }

  // Servers have been seen to repeat part of the key in their messages.
  private String quote(String key) {
    String said = message.strip();
    if (said.isEmpty() || (!key.isEmpty() && said.contains(key))) {
      return "";
    }
    String cut = said.length() > LONGEST_QUOTE ? said.substring(0, LONGEST_QUOTE) + "…" : said;
    return " It said: " + cut;
  }

  private static ModelAnswer setback(String sentence, @Nullable Duration wait, long tookMs) {
    return new ModelAnswer.Setback(RunFailure.MODEL_UNAVAILABLE, sentence, wait, tookMs);
  }

  private static ModelAnswer refusal(RunFailure failure, String sentence) {
    return new ModelAnswer.Refusal(failure, sentence);
  }
}
