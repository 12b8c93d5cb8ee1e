package dev.errand.adapters.mcp;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.WellFormed;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.live.WatchConfig;
import dev.errand.runs.live.WatchService;
import dev.errand.runs.live.WatchSubscription;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Waits for the end of a run, and sends its steps to a client that wants them. Where no place to
 * wait is free, it only reads the run.
 */
@ApplicationScoped
class RunWait {
  private static final int LONGEST_MESSAGE = 200;
  private static final Set<ErrorCode> NO_PLACE =
      EnumSet.of(ErrorCode.UNAVAILABLE, ErrorCode.RATE_LIMITED);

  private final RunService runs;
  private final WatchService watches;
  private final WatchConfig watching;
  private final McpConfig config;
  private final RunEntryCodec codec;

  RunWait(
      RunService runs,
      WatchService watches,
      WatchConfig watching,
      McpConfig config,
      RunEntryCodec codec) {
    this.runs = runs;
    this.watches = watches;
    this.watching = watching;
    this.config = config;
    this.codec = codec;
  }

  /** How long a call may wait at most. */
  Duration longestWait() {
    return config.longestWait();
  }

  /**
   * Waits for a run to end or for the time to be over, and then returns the run. Where too many
   * requests wait already, in all or of the caller's, it returns at once.
   *
   * @param request the call that waits; when its client disconnects, the wait ends and the run
   *     continues
   * @param orWaits whether to return also when the run waits for a person
   */
  Run await(ToolRequest request, String task, String run, boolean orWaits, Duration most)
      throws InterruptedException, IOException {
    Caller caller = request.caller();
    ProfileSlug profile = request.profile();
    try {
      if (request.progress().isWanted()) {
        follow(request, task, run, orWaits, most);
      } else if (orWaits) {
        return runs.awaitEndOrPerson(caller, profile, task, run, most, request.gone());
      } else {
        return runs.await(caller, profile, task, run, Entries.NONE, most, request.gone()).run();
      }
    } catch (ApiException e) {
      if (!NO_PLACE.contains(e.code())) {
        throw e;
      }
    }
    return runs.get(caller, profile, task, run, Entries.NONE).run();
  }

  private void follow(ToolRequest request, String task, String run, boolean orWaits, Duration most)
      throws InterruptedException, IOException {
    long end = System.nanoTime() + most.toNanos();
    try (WatchSubscription subscription =
        watches.watch(request.caller(), request.profile(), task, run, "run", null).subscription()) {
      request.gone().accept(subscription::close);
      int next = 0;
      while (true) {
        Optional<EntryPage> page = subscription.page(next);
        if (page.isEmpty()) {
          return;
        }
        for (String entry : page.get().entries()) {
          next++;
          request.progress().report(next, step(codec.read(entry).entry()));
        }
        Duration left = Duration.ofNanos(end - System.nanoTime());
        boolean isOver = page.get().isLast() || (orWaits && page.get().isLastForNow());
        if (isOver || !left.isPositive()) {
          return;
        }
        if (next >= page.get().count()) {
          if (!subscription.await(Collections.min(List.of(left, this.watching.heartbeat())))) {
            ApiException refusal = subscription.refusal();
            if (refusal != null) {
              throw refusal;
            }
            return;
          }
          request.progress().keepAlive();
        }
      }
    }
  }

  private static String step(RunEntry entry) {
    String step =
        switch (entry) {
          case RunEntry.Prompt _ -> "The run has its prompt.";
          case RunEntry.Repair _ -> "The answer does not fit, and the model is told why.";
          case RunEntry.Answer _ -> "The model answered.";
          case RunEntry.ToolCallRequested(var call) -> "The model calls " + call.name() + ".";
          case RunEntry.ToolResult result ->
              result.hasFailed() ? "The tool failed." : "The tool answered.";
          case RunEntry.FinalMessage _ -> "The model gave its final answer.";
          case RunEntry.Failure failure -> "The run failed: " + failure.sentence();
          case RunEntry.LogLine log -> log.line();
          case RunEntry.Warning warning -> warning.sentence();
          case RunEntry.FailedTry failed -> failed.sentence();
          case RunEntry.Retried _ -> RunEntry.Retried.TEXT;
          case RunEntry.ApprovalRequested requested ->
              "A person decides about the call of " + requested.tool() + ".";
          case RunEntry.ApprovalDecided decided ->
              "The call of " + decided.tool() + " is " + decided.status() + ".";
          case RunEntry.Unknown unknown -> unknown.text();
        };
    return WellFormed.cut(step, LONGEST_MESSAGE);
  }
}
