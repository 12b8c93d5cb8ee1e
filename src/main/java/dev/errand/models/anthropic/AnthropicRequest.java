package dev.errand.models.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.Traced;
import dev.errand.tools.port.ToolSpec;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the request of the Messages API from a conversation, tools and settings.
 *
 * <p>The server caches a request up to each mark, and finds what an earlier request cached if that
 * ended at most 20 blocks before a mark of this one. The first mark is after tools and system text;
 * {@link AnthropicMessages} sets the others. Marks on blocks are older than the field that has the
 * server set one mark by itself, are known to more servers, and find more.
 */
@Singleton
class AnthropicRequest {
  private final Json json;
  private final ModelConfig config;

  AnthropicRequest(Json json, ModelConfig config) {
    this.json = json;
    this.config = config;
  }

  ObjectNode of(Question<AnthropicSettings> question) {
    AnthropicSettings settings = question.settings();
    ObjectNode request =
        json.object().put("model", settings.model()).put("max_tokens", question.answerLength());
    ArrayNode tools = tools(question.tools());
    if (!tools.isEmpty()) {
      request.set("tools", tools);
      Json.setIfGiven(request, "tool_choice", settings.toolChoice());
    }
    ArrayNode system = system(question);
    if (!system.isEmpty()) {
      request.set("system", system);
    }
    // The server reads the tools before the system text.
    AnthropicMessages.markLast(system.isEmpty() ? tools : system);
    request.set("messages", AnthropicMessages.of(question.conversation()));
    Json.setIfGiven(request, "temperature", settings.temperature());
    Json.setIfGiven(request, "top_p", settings.topP());
    Json.setIfGiven(request, "top_k", settings.topK());
    Json.setIfGiven(request, "thinking", settings.thinking());
    if (settings.effort() != null) {
      request.putObject("output_config").put("effort", settings.effort());
    }
    if (question.outputSchema() != null && OutputFormat.isKnownTo(settings.model())) {
      request
          .withObject("/output_config")
          .putObject("format")
          .put("type", "json_schema")
          .set("schema", question.outputSchema());
    }
    Json.setIfGiven(request, "stop_sequences", settings.stopSequences());
    Json.setIfGiven(request, "service_tier", settings.serviceTier());
    if (settings.isStreamed(config)) {
      request.put("stream", true);
    }
    return request;
  }

  /** What OpenTelemetry's conventions have for the request, beyond its model and server. */
  Map<String, Object> attributes(AnthropicSettings settings) {
    Map<String, Object> attributes = new HashMap<>();
    Traced.put(attributes, "gen_ai.request.temperature", settings.temperature());
    Traced.put(attributes, "gen_ai.request.top_p", settings.topP());
    Traced.put(attributes, "gen_ai.request.max_tokens", settings.answerLength());
    Traced.put(attributes, "gen_ai.request.reasoning.level", settings.effort());
    if (settings.isStreamed(config)) {
      attributes.put("gen_ai.request.stream", true);
    }
    return attributes;
  }

  private ArrayNode system(Question<AnthropicSettings> question) {
    ArrayNode system = json.array();
    if (question.settings().system() != null) {
      AnthropicMessages.addText(question.settings().system(), system);
    }
    for (Message message : question.conversation()) {
      if (message instanceof Message.Instructions(String text)) {
        AnthropicMessages.addText(text, system);
      }
    }
    if (question.outputSchema() != null && !OutputFormat.isKnownTo(question.settings().model())) {
      AnthropicMessages.addText(OutputFormat.inWords(question.outputSchema()), system);
    }
    return system;
  }

  private ArrayNode tools(List<ToolSpec> specs) {
    ArrayNode tools = json.array();
    for (ToolSpec spec : specs) {
      ObjectNode tool = tools.addObject().put("name", spec.name());
      if (!spec.description().isEmpty()) {
        tool.put("description", spec.description());
      }
      tool.set("input_schema", typed(spec.inputSchema()));
    }
    return tools;
  }

  // The vendor refuses a schema that does not say that it is one of an object.
  private static ObjectNode typed(ObjectNode schema) {
    return schema.has("type") ? schema : schema.deepCopy().put("type", "object");
  }
}
