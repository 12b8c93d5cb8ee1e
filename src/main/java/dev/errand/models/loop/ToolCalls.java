package dev.errand.models.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.ConversationItem;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunListener.ToolEnd;
import dev.errand.models.port.RunListener.ToolRequest;
import dev.errand.models.port.ToolCalled;
import dev.errand.models.port.Usage;
import dev.errand.tools.tool.Tool;
import dev.errand.tools.tool.ToolCall;
import dev.errand.tools.tool.ToolEgress;
import dev.errand.tools.tool.ToolLog;
import dev.errand.tools.tool.ToolResult;
import io.opentelemetry.context.Context;
import jakarta.enterprise.context.ApplicationScoped;
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

/** Executes the tool calls of one assistant message concurrently. */
@ApplicationScoped
class ToolCalls {
  private final Json json;
  private final ToolOutput output;
  private final Clock clock;

  ToolCalls(Json json, ToolOutput output, Clock clock) {
    this.json = json;
    this.output = output;
    this.clock = clock;
  }

  /**
   * The results of all calls.
   *
   * @param results the messages for the model, in the order of the calls
   * @param usage the run's usage after the calls
   */
  record Done(List<ConversationItem> results, Usage usage) {}

  /**
   * Executes the calls and reports each to the listener when it ends.
   *
   * @param before the conversation so far
   */
  Done run(
      List<ToolRequest> requests,
      Assignment assignment,
      List<ConversationItem> before,
      Usage usage,
      BoundsCheck bounds,
      RunListener listener)
      throws InterruptedException {
    Progress progress = new Progress(picturesIn(before), usage, bounds, listener);
    List<ConversationItem> results = new ArrayList<>();
    // The tool calls are part of the run's trace.
    ExecutorService threads = Context.taskWrapping(Executors.newVirtualThreadPerTaskExecutor());
    try {
      List<Future<ConversationItem>> pending = new ArrayList<>();
      for (ToolRequest request : requests) {
        pending.add(threads.submit(() -> runOne(request, assignment, progress)));
      }
      for (Future<ConversationItem> result : pending) {
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

  private static int picturesIn(List<ConversationItem> exchanges) {
    return exchanges.stream().mapToInt(exchange -> exchange.pictures().size()).sum();
  }

  private ConversationItem runOne(ToolRequest request, Assignment assignment, Progress progress)
      throws InterruptedException {
    Instant begun = clock.instant();
    long start = System.nanoTime();
    Log log = new Log(request.name(), progress.listener);
    ToolResult result = resultOf(request, assignment, progress.listener, log);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    progress.listener.toolCalled(new ToolCalled(request, begun, took, result));
    return progress.ended(request, result, took.toMillis(), log.egress());
  }

  /** The progress of one message's calls. */
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
    synchronized ConversationItem ended(
        ToolRequest request, ToolResult result, long tookMs, List<ToolEgress> egress) {
      ToolOutput.Shown shown = output.of(result, pictures);
      pictures += shown.pictures().size();
      usage = usage.plusToolTime(tookMs);
      ConversationItem exchange =
          new ConversationItem(
              json.object()
                  .put("role", "tool")
                  .put("tool_call_id", request.id())
                  .put("content", shown.text()),
              shown.pictures());
      listener.toolResult(
          new ToolEnd(request.name(), exchange, result.isError(), tookMs, egress),
          usage,
          bounds.nearing(usage));
      return exchange;
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
      ToolRequest request, Assignment assignment, RunListener listener, Log log)
      throws InterruptedException {
    Optional<Tool> tool = assignment.toolbox().find(request.name());
    if (tool.isEmpty()) {
      return ToolResult.error(
          assignment.toolbox().tools().stream()
              .map(known -> known.spec().name())
              .collect(
                  Collectors.joining(
                      ", ", "There is no tool " + request.name() + "; there are: ", ".")));
    }
    if (!(request.arguments() instanceof ObjectNode arguments)) {
      return ToolResult.error(
          "The arguments are not a JSON object; call the tool again with a valid one.");
    }
    if (!listener.isHeld()) {
      throw new InterruptedException("The run is no longer held here.");
    }
    return tool.get()
        .call(new ToolCall(request.id(), arguments, assignment.bounds().deadline(), log));
  }
}
