package dev.errand.models.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.tools.port.ToolSpec;
import jakarta.inject.Singleton;
import java.util.List;

/** Builds the request of the chat completions API from a conversation, tools and settings. */
@Singleton
class ChatRequest {
  private final Json json;
  private final ModelConfig config;

  ChatRequest(Json json, ModelConfig config) {
    this.json = json;
    this.config = config;
  }

  ObjectNode of(Question<OpenAiSettings> question) {
    OpenAiSettings settings = question.settings();
    ObjectNode request = json.object().put("model", settings.model());
    ArrayNode sent = request.putArray("messages");
    if (settings.system() != null) {
      sent.addObject().put("role", "system").put("content", settings.system());
    }
    sent.addAll(ChatMessages.of(question.conversation()));
    List<ToolSpec> tools = question.tools();
    if (!tools.isEmpty()) {
      declare(tools, request.putArray("tools"));
      Json.setIfGiven(request, "tool_choice", settings.toolChoice());
      Json.setIfGiven(request, "parallel_tool_calls", settings.parallelToolCalls());
    }
    Json.setIfGiven(request, "temperature", settings.temperature());
    Json.setIfGiven(request, "top_p", settings.topP());
    Json.setIfGiven(request, "max_completion_tokens", settings.maxCompletionTokens());
    Json.setIfGiven(request, "reasoning_effort", settings.reasoningEffort());
    Json.setIfGiven(request, "response_format", settings.responseFormat());
    Json.setIfGiven(request, "seed", settings.seed());
    if (settings.stream() == null ? config.stream() : settings.stream()) {
      request.put("stream", true).putObject("stream_options").put("include_usage", true);
    }
    return request;
  }

  private static void declare(List<ToolSpec> tools, ArrayNode declared) {
    for (ToolSpec tool : tools) {
      declared
          .addObject()
          .put("type", "function")
          .putObject("function")
          .put("name", tool.name())
          .put("description", tool.description())
          .set("parameters", tool.inputSchema());
    }
  }
}
