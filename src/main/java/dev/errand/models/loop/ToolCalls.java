package dev.errand.models.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.turn.RunChecks;
import dev.errand.models.loop.CallApprovals.Planned;
import dev.errand.models.message.Message;
import dev.errand.models.port.Approvals;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunListener.ToolEnd;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.ToolCalled;
import dev.errand.models.port.Usage;
import dev.errand.tools.port.ApprovalNeededException;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolEgress;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Executes the tool calls of one assistant message, several ones concurrently. */
@Singleton
class ToolCalls {
  private final ToolOutput output;
  private final RunChecks checks;
  private final Clock clock;

  ToolCalls(ToolOutput output, RunChecks checks, Clock clock) {
    this.output = output;
    this.checks = checks;
    this.clock = clock;
  }

  /**
   * The results of the calls.
   *
   * @param results the messages for the model, in the order of the calls
   * @param warned the codes of warnings that the listener received, but for those of bounds
   * @param waits whether some of the calls have none, since a person has to decide about them
   * @param failed why the run ends; null where it goes on, or waits
   */
  record Done(
      List<Message.ToolResult> results,
      Usage usage,
      Set<String> warned,
      boolean waits,
      Approvals.@Nullable Failed failed) {}

  /**
   * Executes the calls and reports each to the listener when it ends. Calls about which a person
   * has to decide are left out, and asked about.
   */
  Done run(
      List<Message.ToolCall> calls,
      Assignment assignment,
      List<Message> before,
      Usage usage,
      BoundsCheck bounds,
      RunListener listener)
      throws InterruptedException {
    CallApprovals approvals =
        new CallApprovals(assignment, usage.steps(), listener.approvals(), checks);
    List<Planned> planned = approvals.plan(calls);
    for (Planned call : planned) {
      if (call.plan() instanceof CallApprovals.End(Approvals.Failed why)) {
        return new Done(List.of(), usage, Set.of(), false, why);
      }
    }
    Progress progress =
        new Progress(assignment, approvals, picturesIn(before), usage, bounds, listener);
    List<Message.ToolResult> results =
        planned.size() == 1 ? runAlone(planned.getFirst(), progress) : runAll(planned, progress);
    return new Done(
        results, progress.usage, Set.copyOf(progress.warned), results.size() < calls.size(), null);
  }

  private List<Message.ToolResult> runAll(List<Planned> calls, Progress progress)
      throws InterruptedException {
    List<Message.ToolResult> results = new ArrayList<>();
    // The tool calls are part of the run's trace.
    ExecutorService threads = Context.taskWrapping(Executors.newVirtualThreadPerTaskExecutor());
    try {
      List<Future<Optional<Message.ToolResult>>> pending = new ArrayList<>();
      for (Planned call : calls) {
        pending.add(threads.submit(() -> runOne(call, progress)));
      }
      for (Future<Optional<Message.ToolResult>> result : pending) {
        result.get().ifPresent(results::add);
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException unexpected -> throw unexpected;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      // However this method ends, no call may continue.
      threads.shutdownNow();
      threads.close();
    }
    return results;
  }

  private static int picturesIn(List<Message> messages) {
    int pictures = 0;
    for (Message message : messages) {
      if (message instanceof Message.ToolResult result) {
        pictures += result.pictures().size();
      }
    }
    return pictures;
  }

  /** Runs the only call of a message on the calling thread; most messages have one. */
  private List<Message.ToolResult> runAlone(Planned call, Progress progress)
      throws InterruptedException {
    Optional<Message.ToolResult> result;
    try {
      result = runOne(call, progress);
    } catch (Error e) {
      // As for several: what fails a call ends the run.
      throw new IllegalStateException(e);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return result.stream().toList();
  }

  /** The result of a call; empty while a person has to decide about it. */
  private Optional<Message.ToolResult> runOne(Planned planned, Progress progress)
      throws InterruptedException {
    return switch (planned.plan()) {
      case CallApprovals.Make make -> make(planned.call(), make, progress);
      case CallApprovals.Answer answer -> Optional.of(answer(planned.call(), answer, progress));
      case CallApprovals.Wait _, CallApprovals.End _ -> Optional.empty();
    };
  }

  private Optional<Message.ToolResult> make(
      Message.ToolCall call, CallApprovals.Make make, Progress progress)
      throws InterruptedException {
    Instant begun = clock.instant();
    long start = System.nanoTime();
    Log log = new Log(call.name(), progress.listener);
    ToolResult result;
    try {
      result = resultOf(call, make, progress, log);
    } catch (ApprovalNeededException e) {
      Tool tool = Objects.requireNonNull(make.tool());
      return runOne(new Planned(call, progress.approvals.ask(call, tool)), progress);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    progress.listener.toolCalled(new ToolCalled(call, begun, took, result));
    return Optional.of(progress.ended(call, result, took.toMillis(), log.egress(), null));
  }

  private static Message.ToolResult answer(
      Message.ToolCall call, CallApprovals.Answer answer, Progress progress) {
    ToolResult result =
        answer.isError() ? ToolResult.error(answer.text()) : ToolResult.text(answer.text());
    return progress.ended(call, result, 0, List.of(), answer);
  }

  private final class Progress {
    private final Assignment assignment;
    private final CallApprovals approvals;
    private final BoundsCheck bounds;
    private final RunListener listener;
    private final Set<String> warned = new HashSet<>();
    private int pictures;
    private Usage usage;

    Progress(
        Assignment assignment,
        CallApprovals approvals,
        int pictures,
        Usage usage,
        BoundsCheck bounds,
        RunListener listener) {
      this.assignment = assignment;
      this.approvals = approvals;
      this.pictures = pictures;
      this.usage = usage;
      this.bounds = bounds;
      this.listener = listener;
    }

    // Synchronized, or an older sum could be written after a newer one.
    synchronized Message.ToolResult ended(
        Message.ToolCall call,
        ToolResult result,
        long tookMs,
        List<ToolEgress> egress,
        CallApprovals.@Nullable Answer answer) {
      ToolOutput.Shown shown = output.of(result, pictures);
      pictures += shown.pictures().size();
      RunWarning.Noted declined = answer == null ? null : answer.declined();
      boolean isDeclined = declined != null;
      usage = usage.plusToolEnd(tookMs, result.isError() && !isDeclined);
      List<RunWarning> warnings = bounds.nearing(usage);
      if (declined != null) {
        warnings = Stream.concat(warnings.stream(), Stream.of(declined)).toList();
        warned.add(declined.code().code());
      }
      Message.ToolResult message =
          new Message.ToolResult(
              call.id(), shown.text(), result.isError(), shown.pictures(), isDeclined);
      UUID decision = answer == null ? null : answer.approval();
      listener.toolResult(
          new ToolEnd(call.name(), message, tookMs, egress, decision), usage, warnings);
      return message;
    }
  }

  /** Records the lines of a call, and keeps its requests until it ends. */
  private static final class Log implements ToolLog {
    private final String tool;
    private final RunListener listener;
    private final Queue<ToolEgress> made = new ConcurrentLinkedQueue<>();

    Log(String tool, RunListener listener) {
      this.tool = tool;
      this.listener = listener;
    }

    @Override
    public void line(int level, String line) {
      listener.toolLog(tool, level, line);
    }

    @Override
    public void request(ToolEgress request) {
      made.add(request);
    }

    List<ToolEgress> egress() {
      return List.copyOf(made);
    }
  }

  private static ToolResult resultOf(
      Message.ToolCall call, CallApprovals.Make make, Progress progress, Log log)
      throws InterruptedException {
    Assignment assignment = progress.assignment;
    Tool tool = make.tool();
    if (tool == null) {
      return ToolResult.error(
          assignment.toolbox().tools().stream()
              .map(known -> known.spec().name())
              .collect(
                  Collectors.joining(
                      ", ", "There is no tool " + call.name() + "; there are: ", ".")));
    }
    if (!(call.arguments() instanceof ObjectNode arguments)) {
      return ToolResult.error(
          "The arguments are not a JSON object; call the tool again with a valid one.");
    }
    if (!progress.listener.isHeld()) {
      throw new InterruptedException("The run is no longer held here.");
    }
    Instant deadline = assignment.bounds().deadline();
    if (make.approval() == null) {
      return tool.call(new ToolCall(call.id(), arguments, deadline, log));
    }
    progress.listener.approvals().take(make.approval());
    if (!progress.listener.isHeld()) {
      // To note it took longer than the claim holds: another process asks whether it was made.
      throw new InterruptedException("The run is no longer held here.");
    }
    ObjectNode changed = make.changed();
    if (changed == null) {
      return tool.call(new ToolCall(call.id(), arguments, deadline, log).approved());
    }
    ToolResult result = tool.call(new ToolCall(call.id(), changed, deadline, log).approved());
    List<Content> content = new ArrayList<>();
    content.add(
        new Content.Text(
            "A person changed the arguments of this call. It was made with " + changed + "."));
    content.addAll(result.content());
    return new ToolResult(content, result.isError());
  }
}
