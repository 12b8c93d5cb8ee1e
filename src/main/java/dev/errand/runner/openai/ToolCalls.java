package dev.errand.runner.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.runner.Assignment;
import dev.errand.runner.BoundsCheck;
import dev.errand.runner.RunListener;
import dev.errand.runner.RunListener.ToolRequest;
import dev.errand.runner.Usage;
import dev.errand.tool.Content;
import dev.errand.tool.Tool;
import dev.errand.tool.ToolCall;
import dev.errand.tool.ToolResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Runs the tool calls of one assistant message at the same time. */
@ApplicationScoped
class ToolCalls {
  private final ObjectMapper json;
  private final OpenAiConfig config;

  ToolCalls(ObjectMapper json, OpenAiConfig config) {
    this.json = json;
    this.config = config;
  }

  /**
   * The results.
   *
   * @param messages what the model is told, in the order of the calls
   * @param usage what the run has used now
   */
  record Done(List<ObjectNode> messages, Usage usage) {}

  Done run(
      List<ToolRequest> requests,
      Assignment<OpenAiSettings> assignment,
      Usage usage,
      BoundsCheck bounds,
      RunListener listener)
      throws InterruptedException {
    AtomicReference<Usage> used = new AtomicReference<>(usage);
    List<ObjectNode> messages = new ArrayList<>();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<ObjectNode>> results = new ArrayList<>();
      for (ToolRequest request : requests) {
        results.add(threads.submit(() -> runOne(request, assignment, used, bounds, listener)));
      }
      for (Future<ObjectNode> result : results) {
        messages.add(result.get());
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException unexpected -> throw unexpected;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      // Whatever ended this, no call may go on by itself.
      threads.shutdownNow();
      threads.close();
    }
    return new Done(messages, used.get());
  }

  private ObjectNode runOne(
      ToolRequest request,
      Assignment<OpenAiSettings> assignment,
      AtomicReference<Usage> used,
      BoundsCheck bounds,
      RunListener listener)
      throws InterruptedException {
    long start = System.nanoTime();
    ToolResult result = resultOf(request, assignment, listener);
    long tookMs = (System.nanoTime() - start) / 1_000_000;
    ObjectNode message =
        json.createObjectNode()
            .put("role", "tool")
            .put("tool_call_id", request.id())
            .put("content", textOf(result));
    // One after the other, or an older sum could be kept after a newer one.
    synchronized (used) {
      Usage sum = used.get().plusToolTime(tookMs);
      used.set(sum);
      listener.toolResult(message, result.isError(), sum, bounds.nearing(sum));
    }
    return message;
  }

  private static ToolResult resultOf(
      ToolRequest request, Assignment<OpenAiSettings> assignment, RunListener listener)
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
    return tool.get()
        .call(
            new ToolCall(
                request.id(),
                arguments,
                assignment.bounds().deadline(),
                (level, line) -> listener.toolLog(request.name(), level, line)));
  }

  private String textOf(ToolResult result) {
    String text =
        result.content().stream()
            .map(
                content ->
                    switch (content) {
                      case Content.Text t -> t.text();
                      case Content.Image image ->
                          "[a picture of type " + image.mimeType() + " that can't be shown here]";
                    })
            .collect(Collectors.joining("\n"));
    int most = config.maxToolOutput();
    return text.length() <= most
        ? text
        : text.substring(0, most) + "\n[cut: " + most + " of " + text.length() + " characters]";
  }
}
