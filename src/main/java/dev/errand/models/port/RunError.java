package dev.errand.models.port;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The errors that end runs. The lower-case name is the stable {@code error.code} of the run, which
 * clients may branch on, so a published name never changes its meaning. A run that another version
 * of the service ended may have a code that is not here; it is kept and shown as it is.
 */
@ApiSchema(
    value = "RunFailure",
    description =
        "The stable code of an error of a run. A run that another version of "
            + "the service ended may have one that is not listed.")
public enum RunError implements Coded {
  /** The run's time was up. */
  TIMEOUT(Kind.BOUND, Retry.HELPS),
  /** The model was asked as often as the task allows. */
  MAX_STEPS(Kind.BOUND, Retry.AFTER_CHANGE),
  /** The run used the tokens that the task allows. */
  MAX_TOKENS(Kind.BOUND, Retry.AFTER_CHANGE),
  /** The run cost what the task allows. */
  MAX_COST(Kind.BOUND, Retry.AFTER_CHANGE),
  /** The model asked for more tool calls than the task allows. */
  MAX_TOOL_CALLS(Kind.BOUND, Retry.AFTER_CHANGE),
  /**
   * The key can't be used: the model's server rejects it, its stored value was altered or is sealed
   * with a master key that no worker has, or it was given for another server.
   */
  KEY_REFUSED(Kind.MODEL, Retry.AFTER_CHANGE),
  /** The key's account has no quota left. */
  QUOTA_EXCEEDED(Kind.MODEL, Retry.AFTER_CHANGE),
  /** The model's server has no such model. */
  MODEL_NOT_FOUND(Kind.MODEL, Retry.AFTER_CHANGE),
  /** The model's server rejects the request as invalid. */
  MODEL_REFUSED(Kind.MODEL, Retry.AFTER_CHANGE),
  /** The model's server can't be reached, is overloaded or failed. */
  MODEL_UNAVAILABLE(Kind.MODEL, Retry.HELPS),
  /** The model's server sent an answer that is not a model's message. */
  MODEL_ANSWER_INVALID(Kind.MODEL, Retry.HELPS),
  /** The task bounds the cost of its runs, and the cost of the model's answers is not known. */
  MODEL_NOT_PRICED(Kind.LOOP, Retry.AFTER_CHANGE),
  /** A budget of the run's task, profile or owner does not allow the next request. */
  BUDGET_EXCEEDED(Kind.LOOP, Retry.AFTER_CHANGE),
  /** The model's last message does not fit the schema of the task, also after repairs. */
  OUTPUT_INVALID(Kind.LOOP, Retry.HELPS),
  /** The model gave its last message, and the run has not done what the task expects of it. */
  EXPECTATION_FAILED(Kind.LOOP, Retry.HELPS),
  /** Nobody decided in time about a tool call that waits for approval. */
  APPROVAL_EXPIRED(Kind.LOOP, Retry.HELPS),
  /** A person ended the run instead of deciding about a tool call that may have been made. */
  APPROVAL_FAILED(Kind.LOOP, Retry.NEVER),
  /** A client cancelled the run. */
  CANCELLED(Kind.SERVICE, Retry.NEVER),
  /** The run's task was deleted, alone or with its profile or its owner. */
  TASK_DELETED(Kind.SERVICE, Retry.NEVER),
  /** A tool lacks a credential that it can't work without. */
  CREDENTIAL_EXPIRED(Kind.SERVICE, Retry.AFTER_CHANGE),
  /** The run's worker was lost too often without progress. */
  ATTEMPTS_EXHAUSTED(Kind.SERVICE, Retry.HELPS),
  /** A fault of this service. */
  INTERNAL(Kind.SERVICE, Retry.HELPS);

  /** Whether another try helps. */
  public enum Retry {
    /** It may, with nothing changed. */
    HELPS,
    /** It does once somebody has mended the cause. */
    AFTER_CHANGE,
    /** It does not, or nobody wants it. */
    NEVER
  }

  private enum Kind {
    BOUND,
    MODEL,
    LOOP,
    SERVICE
  }

  private final Kind kind;
  private final Retry retry;

  RunError(Kind kind, Retry retry) {
    this.kind = kind;
    this.retry = retry;
  }

  /** Whether a retry of the run, or another run, helps. */
  public Retry retry() {
    return retry;
  }

  /** Whether it is a bound of the run, which a warning announces when most of it is used. */
  public boolean isBound() {
    return kind == Kind.BOUND;
  }

  /** Whether a request to a model can fail with it. */
  public boolean isOfModel() {
    return kind == Kind.MODEL || this == TIMEOUT;
  }

  /** Whether the tool loop can end a run with it. */
  public boolean isOfLoop() {
    return kind != Kind.SERVICE;
  }

  /** Whether somebody ended the run by it on purpose, so that it counts as no failure. */
  public boolean isOnPurpose() {
    return this == CANCELLED || this == TASK_DELETED;
  }

  /** The error with that code; empty for a code of another version, and for none. */
  public static Optional<RunError> of(@Nullable String code) {
    return Coded.find(RunError.class, code);
  }
}
