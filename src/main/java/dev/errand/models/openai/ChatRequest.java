package dev.errand.models.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.tools.port.ToolSpec;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
      setIfGiven(request, "tool_choice", settings.toolChoice());
      setIfGiven(request, "parallel_tool_calls", settings.parallelToolCalls());
    }
    setIfGiven(request, "temperature", settings.temperature());
    setIfGiven(request, "top_p", settings.topP());
    setIfGiven(request, "max_completion_tokens", settings.maxCompletionTokens());
    setIfGiven(request, "reasoning_effort", settings.reasoningEffort());
    ObjectNode schema = question.outputSchema();
    if (schema == null) {
      setIfGiven(request, "response_format", settings.responseFormat());
    } else {
      request
          .putObject("response_format")
          .put("type", "json_schema")
          .putObject("json_schema")
          .put("name", "output")
          .put("strict", StrictSchema.includes(schema))
          .set("schema", schema);
    }
    setIfGiven(request, "seed", settings.seed());
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

  private static void setIfGiven(ObjectNode request, String field, @Nullable Object value) {
    if (value != null) {
      request.putPOJO(field, value);
    }
  }
}
