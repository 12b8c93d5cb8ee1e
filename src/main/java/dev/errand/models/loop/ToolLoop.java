package dev.errand.models.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.ConversationItem;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunListener.ToolRequest;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Transcript;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tool loop: asks the model, executes the tool calls that it requests, sends it their results,
 * and repeats until it answers without tool calls or the run reaches a bound.
 */
@ApplicationScoped
public class ToolLoop {
  private final ModelStep step;
  private final ToolRequests requests;
  private final ToolCalls toolCalls;
  private final Clock clock;

  ToolLoop(ModelStep step, ToolRequests requests, ToolCalls toolCalls, Clock clock) {
    this.step = step;
    this.requests = requests;
    this.toolCalls = toolCalls;
    this.clock = clock;
  }

  /**
   * Continues an assignment's conversation to an outcome.
   *
   * @throws InterruptedException when the calling thread is interrupted, or the claim is lost; the
   *     listener has then recorded every step that happened
   */
  public Outcome run(Assignment assignment, RunListener listener) throws InterruptedException {
    Transcript transcript = assignment.transcript();
    BoundsCheck bounds = new BoundsCheck(assignment.bounds(), transcript.warnedOf(), clock);
    List<ConversationItem> exchanges = new ArrayList<>(transcript.exchanges());
    List<ToolRequest> open = requests.in(transcript.openToolCalls());
    int failedTries = transcript.failedTries();
    Usage usage = assignment.usage();
    while (true) {
      if (!listener.goesOn()) {
        return new Outcome.HandedOver(usage);
      }
      if (!open.isEmpty()) {
        Optional<Outcome.Failed> end = bounds.beforeCalling(usage);
        if (end.isPresent()) {
          return end.get();
        }
        ToolCalls.Done done = toolCalls.run(open, assignment, exchanges, usage, bounds, listener);
        exchanges.addAll(done.results());
        usage = done.usage();
        if (!listener.goesOn()) {
          return new Outcome.HandedOver(usage);
        }
      }
      Optional<Outcome.Failed> end = bounds.beforeAsking(usage);
      if (end.isPresent()) {
        return end.get();
      }
      switch (step.take(assignment, exchanges, usage, failedTries, listener)) {
        case ModelStep.Result.Stopped stopped -> {
          return stopped.outcome();
        }
        case ModelStep.Result.Answered(Turn turn, Usage before) -> {
          open = requests.in(turn.item().message().path("tool_calls"));
          usage = before.plusStep(turn.used(), open.size());
          if (open.isEmpty()) {
            return ready(turn, usage, bounds.nearing(usage));
          }
          exchanges.add(turn.item());
          listener.assistantMessage(
              turn.item(), turn.used().tookMs(), open, usage, bounds.nearing(usage));
          failedTries = 0;
        }
      }
    }
  }

  private static Outcome ready(Turn turn, Usage usage, List<RunWarning> nearing) {
    Optional<Turn.Incomplete> incomplete = Optional.ofNullable(turn.incomplete());
    List<RunWarning> warnings = new ArrayList<>(nearing);
    incomplete.map(Turn.Incomplete::warning).ifPresent(warnings::add);
    return new Outcome.Ready(
        turn.item(),
        turn.used().tookMs(),
        textOf(turn.item().message()),
        incomplete.map(Turn.Incomplete::word).orElse(null),
        usage,
        warnings);
  }

  private static String textOf(ObjectNode message) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.asText();
    }
    if (content.isArray()) {
      StringBuilder text = new StringBuilder();
      content.forEach(part -> text.append(part.path("text").asText()));
      return text.toString();
    }
    return message.path("refusal").asText();
  }
}
