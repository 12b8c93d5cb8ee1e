package dev.errand.models.port;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A reason why a run failed; its lower-case name is the run's {@code error.code}. */
public enum RunFailure {
  /** The run's time was up. */
  TIMEOUT,
  /** The model was asked as often as the task allows. */
  MAX_STEPS,
  /** The run used the tokens that the task allows. */
  MAX_TOKENS,
  /** The run cost what the task allows. */
  MAX_COST,
  /** The model asked for more tool calls than the task allows. */
  MAX_TOOL_CALLS,
  /**
   * The key can't be used: the model's server rejects it, its stored value was altered or is sealed
   * with a master key that no worker has, or it was given for another server.
   */
  KEY_REFUSED,
  /** The key's account has no quota left. */
  QUOTA_EXCEEDED,
  /** The model's server has no such model. */
  MODEL_NOT_FOUND,
  /** The model's server rejects the request as invalid. */
  MODEL_REFUSED,
  /** The model's server can't be reached, is overloaded or failed. */
  MODEL_UNAVAILABLE,
  /** The model's server sent an answer that is not a model's message. */
  MODEL_ANSWER_INVALID;

  /** The code in JSON. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The failure with that code, if there is one. */
  public static Optional<RunFailure> of(String code) {
    return Arrays.stream(values()).filter(failure -> failure.code().equals(code)).findFirst();
  }
}
