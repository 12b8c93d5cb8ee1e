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
 * A run as clients see it. The files of the API's document say what {@code result} and {@code
 * warnings} are, and have the field {@code task} of lists.
 *
 * @param error why it failed; null where it did not
 * @param results its entries; absent where they were not requested
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Run")
public record RunView(
    @Field String name,
    @Field("The absolute address of the run.") String url,
    @Field(codes = RunStatus.class) String status,
    @Field @JsonRawValue String parameters,
    @Field(
            "The text of the last message; in lists the first 16,384 characters of one with more"
                + " than 64 KiB.")
        @Nullable String output,
    @Field("The size of the whole `output` in UTF-8 where that is cut; absent where it is not.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer outputBytes,
    @Field @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String result,
    @Field("Why the answer of the model was cut, as its server says it.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String finishReason,
    @Field @Nullable Failed error,
    @Field List<String> warnings,
    @Field(schema = "RunTrigger") @JsonRawValue String trigger,
    @Field(
            "How often a worker took the run up; not counted is that it went on after it waited for a"
                + " decision, a budget or a rate.")
        int attempt,
    @Field("The number of its ancestors: the chain of runs that started it.") int depth,
    @Field(schema = "RunUsage") @JsonRawValue String usage,
    @Field(schema = "Entry", list = true) @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable RunEntries results,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @Field("When it is due.") @Nullable Instant scheduledAt,
    @Field("When it was first claimed, or claimed for its last retry.") @Nullable Instant startedAt,
    @Field("When it ended.") @Nullable Instant finishedAt,
    @Field(
            "How much later than due it began, an ISO 8601 duration; of a run that was tried again"
                + " later, its last try.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Duration late,
    @Field @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WaitingFor waitingFor,
    @Field("A note for the caller, such as that the run has other parameters than the request.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String note) {

  /** Why a run failed. */
  @RegisterForReflection
  @ApiSchema("RunError")
  public record Failed(
      @Field String code,
      @Field String message,
      @Field(
              "Whether a retry may help with nothing changed; absent for a code of another version"
                  + " of the service.")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Boolean retryable) {
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
                      + "reached. `approval`: persons, who decide about its tool calls. `budget`:"
                      + " the next period of a budget, or its change. `rate`: its turn to ask its"
                      + " model, whose key has as many requests as its rate allows.",
              values = {"retry", "approval", "budget", "rate"})
          String kind,
      @Field(
              "The time of the next try, when the first approval expires, or when the budget's next"
                  + " period begins, or when its turn may come.")
          Instant until,
      @Field("How many tries there were; only with `retry`.") @Nullable Integer tries,
      @Field("The ids of the approvals that are open.") @Nullable List<UUID> approvals,
      @Field("Since when it waits for these.") @Nullable Instant since,
      @Field(
              value = "`may_have_run` where one of the calls may have been made before.",
              values = {"may_have_run"})
          @Nullable String reason,
      @Field("The page where a person decides.") @Nullable String url,
      @Field("The name of the budget.") @Nullable String budget) {

    /**
     * What a run waits for; null where it waits for nothing but its turn.
     *
     * @param url the page where a person decides; null where it waits for nobody
     */
    public static @Nullable WaitingFor of(Run run, @Nullable String url) {
      Run.WaitsForApproval waits = run.waits();
      if (waits != null && run.status() == RunStatus.PENDING) {
        return new WaitingFor(
            "approval",
            waits.until(),
            null,
            waits.approvals(),
            waits.since(),
            waits.reason(),
            url,
            null);
      }
      Run.WaitsForBudget budget = run.waitsForBudget();
      if (budget != null && run.status() == RunStatus.PENDING) {
        return new WaitingFor(
            "budget", budget.until(), null, null, budget.since(), null, null, budget.name());
      }
      Run.WaitsForRate rate = run.waitsForRate();
      if (rate != null
          && rate.since() != null
          && rate.until() != null
          && run.status() == RunStatus.PENDING) {
        return new WaitingFor("rate", rate.until(), null, null, rate.since(), null, null, null);
      }
      Instant next = run.nextTry();
      return next == null
          ? null
          : new WaitingFor("retry", next, run.laterTries(), null, null, null, null, null);
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
        run.attempts(),
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
