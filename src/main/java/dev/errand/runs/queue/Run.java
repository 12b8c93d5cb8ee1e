package dev.errand.runs.queue;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of runs. JSON columns are strings of JSON here.
 *
 * @param id its id; ids grow in the order of creation
 * @param name its name, unique in the task
 * @param parameters a JSON object
 * @param outputBytes the size of the whole output in bytes, where it is read in part; null where it
 *     is read as a whole
 * @param hasResult whether its output is JSON that fits the schema of its task
 * @param finishReason why that message is not the whole answer of the model; null where it is
 * @param warnings the codes of the warnings among its entries, each once
 * @param trigger what started it, a JSON object
 * @param attempt how often it was claimed
 * @param resumptions how often of these after it waited for persons, a budget or a rate
 * @param depth how many ancestors it has: runs that started it, directly or through others
 * @param usage its usage so far, a JSON object
 * @param scheduledAt the time it is scheduled for; null where no time was given
 * @param meantFor the time it was first scheduled for, which postponing does not change; null where
 *     no time was given
 * @param laterTries how often it was put off to a later try, since its model could not be reached
 * @param waitsSince since when it waits for persons or a budget, until a worker takes it up again,
 *     or waited when it ended; null where it does not
 * @param waited how long it waited for persons before
 * @param waits what it waits for where a person must decide; null where it does not
 * @param waitsForBudget the budget that it waits for; null where it does not
 * @param waitsForRate that it waits for its turn to ask its model; null where it does not
 */
@RegisterForReflection
public record Run(
    long id,
    UUID taskId,
    String name,
    RunStatus status,
    String parameters,
    @Nullable String output,
    @Nullable Integer outputBytes,
    boolean hasResult,
    @Nullable String finishReason,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    List<String> warnings,
    String trigger,
    int attempt,
    int resumptions,
    int depth,
    String usage,
    int entryCount,
    Instant createdAt,
    Instant modifiedAt,
    @Nullable Instant scheduledAt,
    @Nullable Instant meantFor,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    int laterTries,
    @Nullable Instant waitsSince,
    Duration waited,
    @Nullable WaitsForApproval waits,
    @Nullable WaitsForBudget waitsForBudget,
    @Nullable WaitsForRate waitsForRate) {

  /**
   * What a pending run waits for whose tool calls a person must decide about.
   *
   * @param approvals their ids
   * @param since since when it waits
   * @param until when the first of them expires
   * @param reason {@code may_have_run} where a call was begun before; null otherwise
   */
  @RegisterForReflection
  public record WaitsForApproval(
      @Column(name = "waits_for") List<UUID> approvals,
      @Column(name = "waits_since") Instant since,
      @Column(name = "waits_until") Instant until,
      @Column(name = "waits_reason") @Nullable String reason) {}

  /**
   * What a pending run waits for whose budget is used up.
   *
   * @param id the budget's id
   * @param name its name
   * @param until when its next period begins
   */
  @RegisterForReflection
  public record WaitsForBudget(
      @Column(name = "waits_budget") UUID id,
      @Column(name = "waits_reason") String name,
      @Column(name = "waits_since") Instant since,
      @Column(name = "waits_until") Instant until) {}

  /**
   * That a pending run waits for its turn to ask its model.
   *
   * @param until when that may come
   */
  @RegisterForReflection
  public record WaitsForRate(
      @Column(name = "waits_rate") Boolean isSo,
      @Column(name = "waits_since") @Nullable Instant since,
      @Column(name = "waits_until") @Nullable Instant until) {}

  /**
   * Its output as JSON, where its task has a schema for it; null where it has none, or was read in
   * part.
   */
  public @Nullable String result() {
    return hasResult && outputBytes == null ? output : null;
  }

  /** How often a worker began it, or took it up after another one lost it or failed. */
  public int attempts() {
    return attempt - resumptions;
  }

  /** The time of its next try, while it waits for that; null where it does not. */
  public @Nullable Instant nextTry() {
    return status == RunStatus.PENDING && laterTries > 0 && startedAt == null ? scheduledAt : null;
  }

  /** Whether it waits until a person decides about a tool call. */
  public boolean isWaitingForPerson() {
    return status == RunStatus.PENDING && waits != null;
  }

  /**
   * How long it has taken since it was first claimed, without the time that it waited for persons;
   * null before that.
   *
   * @param now until when, for a run that is under way
   */
  public @Nullable Duration took(Instant now) {
    if (startedAt == null) {
      return null;
    }
    Instant worked =
        Objects.requireNonNullElse(waitsSince, Objects.requireNonNullElse(finishedAt, now));
    Duration took = Duration.between(startedAt, worked).minus(waited);
    return took.isNegative() ? Duration.ZERO : took;
  }
}
