package dev.errand.models.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a runner gave up; the lower-case name is the run's {@code error.code}. */
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
  /** The model's server does not take the key. */
  KEY_REFUSED,
  /** The key's account has no quota left. */
  QUOTA_EXCEEDED,
  /** The model's server has no such model. */
  MODEL_NOT_FOUND,
  /** The model's server refuses the request as it is. */
  MODEL_REFUSED,
  /** The model's server can't be reached, is overloaded or failed. */
  MODEL_UNAVAILABLE,
  /** The model's server answered what is no message of a model. */
  MODEL_ANSWER_INVALID;

  /** The code as it stands in JSON. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The failure of that code, if it is one of a runner. */
  public static Optional<RunFailure> of(String code) {
    return Arrays.stream(values()).filter(failure -> failure.code().equals(code)).findFirst();
  }
}
