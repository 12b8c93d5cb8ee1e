package dev.errand.models.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunListener.ToolEnd;
import dev.errand.models.port.ToolCalled;
import dev.errand.models.port.Usage;
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
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Executes the tool calls of one assistant message, several ones concurrently. */
@Singleton
class ToolCalls {
  private final ToolOutput output;
  private final Clock clock;

  ToolCalls(ToolOutput output, Clock clock) {
    this.output = output;
    this.clock = clock;
  }

  /**
   * The results of all calls.
   *
   * @param results the messages for the model, in the order of the calls
   */
  record Done(List<Message.ToolResult> results, Usage usage) {}

  /** Executes the calls and reports each to the listener when it ends. */
  Done run(
      List<Message.ToolCall> calls,
      Assignment assignment,
      List<Message> before,
      Usage usage,
      BoundsCheck bounds,
      RunListener listener)
      throws InterruptedException {
    Progress progress = new Progress(picturesIn(before), usage, bounds, listener);
    if (calls.size() == 1) {
      return new Done(List.of(runAlone(calls.getFirst(), assignment, progress)), progress.usage);
    }
    List<Message.ToolResult> results = new ArrayList<>();
    // The tool calls are part of the run's trace.
    ExecutorService threads = Context.taskWrapping(Executors.newVirtualThreadPerTaskExecutor());
    try {
      List<Future<Message.ToolResult>> pending = new ArrayList<>();
      for (Message.ToolCall call : calls) {
        pending.add(threads.submit(() -> runOne(call, assignment, progress)));
      }
      for (Future<Message.ToolResult> result : pending) {
        results.add(result.get());
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
    return new Done(results, progress.usage);
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
  private Message.ToolResult runAlone(
      Message.ToolCall call, Assignment assignment, Progress progress) throws InterruptedException {
    Message.ToolResult result;
    try {
      result = runOne(call, assignment, progress);
    } catch (Error e) {
      // As for several: what fails a call ends the run.
      throw new IllegalStateException(e);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return result;
  }

  private Message.ToolResult runOne(Message.ToolCall call, Assignment assignment, Progress progress)
      throws InterruptedException {
    Instant begun = clock.instant();
    long start = System.nanoTime();
    Log log = new Log(call.name(), progress.listener);
    ToolResult result = resultOf(call, assignment, progress.listener, log);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    progress.listener.toolCalled(new ToolCalled(call, begun, took, result));
    return progress.ended(call, result, took.toMillis(), log.egress());
  }

  private final class Progress {
    private final BoundsCheck bounds;
    private final RunListener listener;
    private int pictures;
    private Usage usage;

    Progress(int pictures, Usage usage, BoundsCheck bounds, RunListener listener) {
      this.pictures = pictures;
      this.usage = usage;
      this.bounds = bounds;
      this.listener = listener;
    }

    // Synchronized, or an older sum could be written after a newer one.
    synchronized Message.ToolResult ended(
        Message.ToolCall call, ToolResult result, long tookMs, List<ToolEgress> egress) {
      ToolOutput.Shown shown = output.of(result, pictures);
      pictures += shown.pictures().size();
      usage = usage.plusToolEnd(tookMs, result.isError());
      Message.ToolResult message =
          new Message.ToolResult(call.id(), shown.text(), result.isError(), shown.pictures());
      listener.toolResult(
          new ToolEnd(call.name(), message, tookMs, egress), usage, bounds.nearing(usage));
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
      Message.ToolCall call, Assignment assignment, RunListener listener, Log log)
      throws InterruptedException {
    Optional<Tool> tool = assignment.toolbox().find(call.name());
    if (tool.isEmpty()) {
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
    if (!listener.isHeld()) {
      throw new InterruptedException("The run is no longer held here.");
    }
    return tool.get().call(new ToolCall(call.id(), arguments, assignment.bounds().deadline(), log));
  }
}
