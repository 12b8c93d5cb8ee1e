package dev.errand.runner.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.runner.Assignment;
import dev.errand.runner.Bounds;
import dev.errand.runner.Failure;
import dev.errand.runner.Outcome;
import dev.errand.runner.RunListener;
import dev.errand.runner.RunListener.ToolRequest;
import dev.errand.runner.Runner;
import dev.errand.runner.Usage;
import dev.errand.tool.Tool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tool loop over chat completions: ask the model, run what it asks for, tell it what came of
 * it, until it answers without asking or a bound is reached.
 */
@ApplicationScoped
public class OpenAiRunner implements Runner<OpenAiSettings> {
  private final ModelClient model;
  private final ToolCalls toolCalls;
  private final ObjectMapper json;
  private final Clock clock;

  OpenAiRunner(ModelClient model, ToolCalls toolCalls, ObjectMapper json, Clock clock) {
    this.model = model;
    this.toolCalls = toolCalls;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public Outcome run(Assignment<OpenAiSettings> assignment, RunListener listener)
      throws InterruptedException {
    List<ObjectNode> messages = new ArrayList<>(assignment.transcript().messages());
    Usage usage = assignment.usage();
    Bounds bounds = assignment.bounds();
    List<ToolRequest> open =
        assignment.transcript().openToolCalls().stream().map(this::request).toList();
    while (true) {
      if (!open.isEmpty()) {
        ToolCalls.Done done = toolCalls.run(open, assignment, usage, listener);
        messages.addAll(done.messages());
        usage = done.usage();
      }
      Outcome end = endOf(bounds, usage);
      if (end != null) {
        return end;
      }
      ObjectNode request = requestOf(assignment, messages);
      ModelAnswer answer =
          model.ask(assignment.settings().baseUrl(), assignment.key(), request, bounds);
      switch (answer) {
        case ModelAnswer.Refusal refusal -> {
          return new Outcome.Failed(refusal.failure(), refusal.sentence(), usage);
        }
        case ModelAnswer.Message came -> {
          ObjectNode message = came.message();
          open = requestsIn(message);
          usage =
              usage.plusStep(
                  came.promptTokens(),
                  came.completionTokens(),
                  came.totalTokens(),
                  open.size(),
                  came.tookMs());
          if (open.isEmpty()) {
            return new Outcome.Ready(message, textOf(message), usage);
          }
          messages.add(message);
          listener.assistantMessage(message, open, usage);
          if (usage.toolCalls() > bounds.maxToolCalls()) {
            return new Outcome.Failed(
                Failure.MAX_TOOL_CALLS,
                "The model asked for "
                    + usage.toolCalls()
                    + " tool calls; settings.max_tool_calls allows "
                    + bounds.maxToolCalls()
                    + ".",
                usage);
          }
        }
      }
    }
  }

  private @Nullable Outcome endOf(Bounds bounds, Usage usage) {
    if (!clock.instant().isBefore(bounds.deadline())) {
      return new Outcome.Failed(Failure.TIMEOUT, ModelClient.timeUp(bounds), usage);
    }
    if (usage.steps() >= bounds.maxSteps()) {
      return new Outcome.Failed(
          Failure.MAX_STEPS,
          "The model was asked "
              + usage.steps()
              + " times and still wants tools; settings.max_steps allows no more.",
          usage);
    }
    if (usage.totalTokens() >= bounds.maxTokens()) {
      return new Outcome.Failed(
          Failure.MAX_TOKENS,
          "The run used "
              + usage.totalTokens()
              + " tokens; settings.max_tokens allows "
              + bounds.maxTokens()
              + ".",
          usage);
    }
    return null;
  }

  private ObjectNode requestOf(Assignment<OpenAiSettings> assignment, List<ObjectNode> messages) {
    OpenAiSettings settings = assignment.settings();
    ObjectNode request = json.createObjectNode().put("model", settings.model());
    ArrayNode sent = request.putArray("messages");
    if (settings.system() != null) {
      sent.addObject().put("role", "system").put("content", settings.system());
    }
    sent.addAll(messages);
    List<Tool> tools = assignment.toolbox().tools();
    if (!tools.isEmpty()) {
      ArrayNode declared = request.putArray("tools");
      for (Tool tool : tools) {
        declared
            .addObject()
            .put("type", "function")
            .putObject("function")
            .put("name", tool.spec().name())
            .put("description", tool.spec().description())
            .set("parameters", tool.spec().inputSchema());
      }
      setIfGiven(request, "tool_choice", settings.toolChoice());
      setIfGiven(request, "parallel_tool_calls", settings.parallelToolCalls());
    }
    setIfGiven(request, "temperature", settings.temperature());
    setIfGiven(request, "top_p", settings.topP());
    setIfGiven(request, "max_completion_tokens", settings.maxCompletionTokens());
    setIfGiven(request, "reasoning_effort", settings.reasoningEffort());
    setIfGiven(request, "response_format", settings.responseFormat());
    setIfGiven(request, "seed", settings.seed());
    return request;
  }

  private void setIfGiven(ObjectNode request, String field, @Nullable Object value) {
    if (value != null) {
      request.putPOJO(field, value);
    }
  }

  private List<ToolRequest> requestsIn(ObjectNode message) {
    List<ToolRequest> requests = new ArrayList<>();
    message.path("tool_calls").forEach(call -> requests.add(request(call)));
    return requests;
  }

  private ToolRequest request(JsonNode call) {
    JsonNode function = call.path("function");
    JsonNode arguments = function.path("arguments");
    return new ToolRequest(
        call.path("id").asText(),
        function.path("name").asText(),
        // Some servers send the object itself, and not its JSON as a string.
        arguments.isContainerNode() ? arguments : parsed(arguments.asText()));
  }

  private JsonNode parsed(String arguments) {
    if (arguments.isBlank()) {
      // Models leave the arguments of a tool without parameters empty.
      return json.createObjectNode();
    }
    try {
      return json.readTree(arguments);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(arguments);
    }
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
