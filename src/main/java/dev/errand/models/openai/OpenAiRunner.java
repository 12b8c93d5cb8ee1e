package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.loop.BoundsCheck;
import dev.errand.models.loop.FinishReason;
import dev.errand.models.loop.ToolRequests;
import dev.errand.models.model.Assignment;
import dev.errand.models.model.ConversationItem;
import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.Outcome;
import dev.errand.models.model.RunListener;
import dev.errand.models.model.RunListener.ToolRequest;
import dev.errand.models.model.Runner;
import dev.errand.models.model.Transcript;
import dev.errand.models.model.Usage;
import dev.errand.models.model.Warning;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tool loop over chat completions: ask the model, run what it asks for, tell it what came of
 * it, until it answers without asking or a bound is reached.
 */
@ApplicationScoped
public class OpenAiRunner implements Runner {
  private final ModelStep step;
  private final ChatRequest request;
  private final ToolRequests requests;
  private final ToolCalls toolCalls;
  private final Clock clock;

  OpenAiRunner(
      ModelStep step,
      ChatRequest request,
      ToolRequests requests,
      ToolCalls toolCalls,
      Clock clock) {
    this.step = step;
    this.request = request;
    this.requests = requests;
    this.toolCalls = toolCalls;
    this.clock = clock;
  }

  @Override
  public Outcome run(Assignment assignment, RunListener listener) throws InterruptedException {
    Transcript transcript = assignment.transcript();
    BoundsCheck bounds = new BoundsCheck(assignment.bounds(), transcript.warnedOf(), clock);
    List<ConversationItem> exchanges = new ArrayList<>(transcript.exchanges());
    List<ToolRequest> open = requests.in(transcript.openToolCalls());
    int failedTries = transcript.failedTries();
    Usage usage = assignment.usage();
    while (true) {
      if (!listener.goesOn()) {
        return new Outcome.HandedOn(usage);
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
          return new Outcome.HandedOn(usage);
        }
      }
      Optional<Outcome.Failed> end = bounds.beforeAsking(usage);
      if (end.isPresent()) {
        return end.get();
      }
      ObjectNode asked = request.of(assignment, exchanges);
      switch (step.take(assignment, asked, usage, failedTries, listener)) {
        case ModelStep.Result.Stopped stopped -> {
          return stopped.outcome();
        }
        case ModelStep.Result.Answered(ModelAnswer.Message answer, Usage before) -> {
          ObjectNode message = answer.message();
          open = requests.in(message.path("tool_calls"));
          usage = before.plusStep(answer.used(), open.size());
          if (open.isEmpty()) {
            return ready(answer, usage, bounds.nearing(usage));
          }
          exchanges.add(ConversationItem.of(message));
          listener.assistantMessage(message, open, usage, bounds.nearing(usage));
          failedTries = 0;
        }
      }
    }
  }

  private static Outcome ready(ModelAnswer.Message answer, Usage usage, List<Warning> nearing) {
    Optional<FinishReason> reason = FinishReason.of(answer);
    List<Warning> warnings = new ArrayList<>(nearing);
    reason.map(FinishReason::warning).ifPresent(warnings::add);
    return new Outcome.Ready(
        answer.message(),
        textOf(answer.message()),
        reason.map(FinishReason::word).orElse(null),
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
