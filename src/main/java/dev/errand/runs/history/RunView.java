package dev.errand.runs.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.models.port.RunError;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as clients see it.
 *
 * @param url its absolute URL
 * @param status pending, running, ready or error
 * @param outputBytes the size of the whole output, of which {@code output} is the beginning; absent
 *     where that is all of it
 * @param result its output as JSON; absent where its task has no schema for it, or it is cut
 * @param finishReason why that message is not the whole answer of the model, in the words of the
 *     model's server; absent where it is
 * @param error why it failed; null where it did not
 * @param warnings the codes of the warnings among its entries, each once
 * @param results its entries; absent where they were not requested
 * @param scheduledAt the time it is scheduled for; null where no time was given
 * @param late the delay between the time it was first scheduled for and its start; absent where it
 *     has not started, or no time was given
 * @param waitingFor what it waits for; absent where it waits for nothing but its turn
 * @param note a note about an unexpected part of the answer; absent for none
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RunView(
    String name,
    String url,
    String status,
    @JsonRawValue String parameters,
    @Nullable String output,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer outputBytes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String result,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String finishReason,
    @Nullable Failed error,
    List<String> warnings,
    @JsonRawValue String trigger,
    int attempt,
    int depth,
    @JsonRawValue String usage,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RunEntries results,
    Instant createdAt,
    Instant modifiedAt,
    @Nullable Instant scheduledAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Duration late,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WaitingFor waitingFor,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {

  /**
   * Why a run failed.
   *
   * @param retryable whether a retry may help with nothing changed; null for a code of another
   *     version
   */
  @RegisterForReflection
  public record Failed(
      String code,
      String message,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean retryable) {
    static @Nullable Failed of(@Nullable String code, @Nullable String message) {
      return code == null || message == null
          ? null
          : new Failed(
              code,
              message,
              RunError.of(code).map(error -> error.retry() == RunError.Retry.HELPS).orElse(null));
    }
  }

  /** What a pending run waits for. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ApiSchema(
      value = "WaitingFor",
      description = "What a pending run waits for; absent where it waits only for its turn.")
  public record WaitingFor(
      @Field(
              value =
                  "`retry`: the next try of a schedule's run whose model could not be "
                      + "reached. `approval`: persons, who decide about its tool calls.",
              values = {"retry", "approval"})
          String kind,
      @Field("The time of the next try, or when the first approval expires.") Instant until,
      @Field("How many tries there were; only with `retry`.") @Nullable Integer tries,
      @Field("The ids of the approvals that are open.") @Nullable List<UUID> approvals,
      @Field("Since when it waits for these.") @Nullable Instant since,
      @Field(
              value = "`may_have_run` where one of the calls may have been made before.",
              values = {"may_have_run"})
          @Nullable String reason,
      @Field("The page where a person decides.") @Nullable String url) {

    /**
     * What a run waits for; null where it waits for nothing but its turn.
     *
     * @param url the page where a person decides; null where it waits for nobody
     */
    public static @Nullable WaitingFor of(Run run, @Nullable String url) {
      Run.WaitsForApproval waits = run.waits();
      if (waits != null && run.status() == RunStatus.PENDING) {
        return new WaitingFor(
            "approval", waits.until(), null, waits.approvals(), waits.since(), waits.reason(), url);
      }
      Instant next = run.nextTry();
      return next == null
          ? null
          : new WaitingFor("retry", next, run.laterTries(), null, null, null, null);
    }
  }

  /**
   * Creates the view of a run.
   *
   * @param entries its entries; null leaves them out
   */
  public static RunView of(Run run, RunLinks links, @Nullable RunEntries entries) {
    return of(run, links, entries, null);
  }

  /** The view of a run, with a note about an unexpected part of the answer. */
  public static RunView of(
      Run run, RunLinks links, @Nullable RunEntries entries, @Nullable String note) {
    return new RunView(
        run.name(),
        links.run(),
        run.status().code(),
        run.parameters(),
        run.output(),
        run.outputBytes(),
        run.result(),
        run.finishReason(),
        Failed.of(run.errorCode(), run.errorMessage()),
        run.warnings(),
        run.trigger(),
        run.attempt(),
        run.depth(),
        run.usage(),
        entries,
        run.createdAt(),
        run.modifiedAt(),
        run.scheduledAt(),
        run.startedAt(),
        run.finishedAt(),
        late(run),
        WaitingFor.of(run, links.decision()),
        note);
  }

  private static @Nullable Duration late(Run run) {
    Instant meant = run.meantFor();
    Instant began = run.startedAt();
    if (meant == null || began == null) {
      return null;
    }
    return began.isBefore(meant) ? Duration.ZERO : Duration.between(meant, began);
  }
}
