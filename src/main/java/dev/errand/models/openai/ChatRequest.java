package dev.errand.models.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.Traced;
import dev.errand.tools.port.ToolSpec;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    Json.setIfGiven(request, "max_completion_tokens", question.answerLength());
    Json.setIfGiven(request, "reasoning_effort", settings.reasoningEffort());
    ObjectNode schema = question.outputSchema();
    if (schema == null) {
      Json.setIfGiven(request, "response_format", settings.responseFormat());
    } else {
      request
          .putObject("response_format")
          .put("type", "json_schema")
          .putObject("json_schema")
          .put("name", "output")
          .put("strict", StrictSchema.includes(schema))
          .set("schema", schema);
    }
    Json.setIfGiven(request, "seed", settings.seed());
    Json.setIfGiven(request, "service_tier", settings.serviceTier());
    if (settings.isStreamed(config)) {
      request.put("stream", true).putObject("stream_options").put("include_usage", true);
    }
    return request;
  }

  /** What OpenTelemetry's conventions have for the request, beyond its model and server. */
  Map<String, Object> attributes(OpenAiSettings settings) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("openai.api.type", "chat_completions");
    Traced.put(attributes, "gen_ai.request.temperature", settings.temperature());
    Traced.put(attributes, "gen_ai.request.top_p", settings.topP());
    Traced.put(attributes, "gen_ai.request.max_tokens", settings.maxCompletionTokens());
    Traced.put(attributes, "gen_ai.request.reasoning.level", settings.reasoningEffort());
    Traced.put(attributes, "gen_ai.request.seed", settings.seed());
    Traced.put(attributes, "openai.request.service_tier", settings.serviceTier());
    if (settings.responseFormat() != null
        && settings.responseFormat().path("type").asText().startsWith("json")) {
      attributes.put("gen_ai.output.type", "json");
    }
    if (settings.isStreamed(config)) {
      attributes.put("gen_ai.request.stream", true);
    }
    return attributes;
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
