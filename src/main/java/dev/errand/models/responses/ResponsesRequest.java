package dev.errand.models.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.secret.Sha256;
import dev.errand.models.openai.StrictSchema;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.Traced;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.tools.port.ToolSpec;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Builds the request of the Responses API from a conversation, tools and settings. */
@Singleton
class ResponsesRequest {
  private static final String ENCRYPTED_REASONING = "reasoning.encrypted_content";
  // Models that do not reason. The API refuses to encrypt their reasoning.
  private static final Pattern UNREASONING =
      Pattern.compile("(.*/)?(gpt-3\\.5|gpt-4|chatgpt-|gpt-5[0-9.]*-chat)[^/]*");
  private static final int CACHE_KEY_DIGITS = 32;

  private final Json json;
  private final ModelConfig config;
  private final ModelEndpoints endpoints;

  ResponsesRequest(Json json, ModelConfig config, ModelEndpoints endpoints) {
    this.json = json;
    this.config = config;
    this.endpoints = endpoints;
  }

  ObjectNode of(Question<ResponsesSettings> question) {
    ResponsesSettings settings = question.settings();
    ObjectNode request = json.object().put("model", settings.model());
    Json.setIfGiven(request, "instructions", settings.system());
    request.set("input", ResponsesInput.of(question.conversation()));
    List<ToolSpec> tools = question.tools();
    if (!tools.isEmpty()) {
      declare(tools, request.putArray("tools"));
      Json.setIfGiven(request, "tool_choice", settings.toolChoice());
      Json.setIfGiven(request, "parallel_tool_calls", settings.parallelToolCalls());
    }
    Json.setIfGiven(request, "temperature", settings.temperature());
    Json.setIfGiven(request, "top_p", settings.topP());
    Json.setIfGiven(request, "max_output_tokens", question.answerLength());
    Json.setIfGiven(request, "reasoning", settings.reasoning());
    Json.setIfGiven(request, "text", text(settings.text(), question.outputSchema()));
    Json.setIfGiven(request, "context_management", settings.contextManagement());
    Json.setIfGiven(request, "service_tier", settings.serviceTier());
    addCacheKey(settings, request);
    request.put("store", false);
    List<String> include = included(settings);
    if (!include.isEmpty()) {
      include.forEach(request.putArray("include")::add);
    }
    if (settings.isStreamed(config)) {
      request.put("stream", true);
    }
    return request;
  }

  /** What OpenTelemetry's conventions have for the request, beyond its model and server. */
  Map<String, Object> attributes(ResponsesSettings settings) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("openai.api.type", "responses");
    Traced.put(attributes, "gen_ai.request.temperature", settings.temperature());
    Traced.put(attributes, "gen_ai.request.top_p", settings.topP());
    Traced.put(attributes, "gen_ai.request.max_tokens", settings.maxOutputTokens());
    if (settings.reasoning() != null) {
      Traced.put(
          attributes,
          "gen_ai.request.reasoning.level",
          settings.reasoning().path("effort").textValue());
    }
    Traced.put(attributes, "openai.request.service_tier", settings.serviceTier());
    if (settings.isStreamed(config)) {
      attributes.put("gen_ai.request.stream", true);
    }
    return attributes;
  }

  private @Nullable ObjectNode text(@Nullable ObjectNode given, @Nullable ObjectNode schema) {
    if (schema == null) {
      return given;
    }
    ObjectNode text = given == null ? json.object() : given.deepCopy();
    text.putObject("format")
        .put("type", "json_schema")
        .put("name", "output")
        .put("strict", StrictSchema.includes(schema))
        .set("schema", schema);
    return text;
  }

  // Without `strict` the server decides for itself. With it, it would refuse most schemas, and have
  // the model set optional arguments.
  private static void declare(List<ToolSpec> tools, ArrayNode declared) {
    for (ToolSpec tool : tools) {
      declared
          .addObject()
          .put("type", "function")
          .put("name", tool.name())
          .put("description", tool.description())
          .put("strict", false)
          .set("parameters", tool.inputSchema());
    }
  }

  private static List<String> included(ResponsesSettings settings) {
    if (settings.include() != null) {
      return settings.include();
    }
    String model = settings.model().toLowerCase(Locale.ROOT);
    return UNREASONING.matcher(model).matches() ? List.of() : List.of(ENCRYPTED_REASONING);
  }

  // What the runs of a task have in common comes first in their requests, and is in the cache of
  // the computer to which this key leads them. Other servers may not know the field.
  private void addCacheKey(ResponsesSettings settings, ObjectNode request) {
    boolean hasShared = settings.system() != null || request.has("tools");
    if (settings.promptCacheKey() != null) {
      request.put("prompt_cache_key", settings.promptCacheKey());
    } else if (hasShared && (settings.baseUrl() == null || endpoints.isConfigured(settings))) {
      String shared = settings.system() + json.write(request.path("tools"));
      request.put("prompt_cache_key", Sha256.hex(shared).substring(0, CACHE_KEY_DIGITS));
    }
  }
}
