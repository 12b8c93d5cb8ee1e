package dev.errand.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A stand-in for a model that answers chat completions by a rule: it calls the first tool named in
 * the prompt with the first URL in the prompt, and returns the result.
 */
@IfBuildProfile("dev")
@ApplicationScoped
class DemoModel {
  private static final Pattern URL = Pattern.compile("https?://[^\\s`'\"<>)\\]]+");
  private static final int LONGEST_REPORT = 2000;
  private static final String SELF =
      "This is Errand's demo model: it follows rules and knows nothing. ";

  private final Json json;

  DemoModel(Json json) {
    this.json = json;
  }

  ObjectNode complete(ObjectNode request) {
    List<JsonNode> messages =
        StreamSupport.stream(request.path("messages").spliterator(), false).toList();
    JsonNode last = messages.isEmpty() ? json.object() : messages.getLast();
    if (last.path("role").asText().equals("tool")) {
      return say(request, SELF + "The tool answered:\n\n" + cut(last.path("content").asText()));
    }
    String prompt = last.path("content").asText();
    Optional<String> tool = toolNamedIn(prompt, request.path("tools"));
    if (tool.isEmpty()) {
      return say(
          request,
          SELF + "The prompt names no tool that I have, so here it is again:\n\n" + cut(prompt));
    }
    ObjectNode arguments = json.object();
    Matcher url = URL.matcher(prompt);
    if (url.find()) {
      arguments.put("url", url.group());
    }
    return call(request, tool.get(), arguments, messages.size());
  }

  private static Optional<String> toolNamedIn(String prompt, JsonNode tools) {
    String text = prompt.toLowerCase(Locale.ROOT);
    return StreamSupport.stream(tools.spliterator(), false)
        .map(tool -> tool.path("function").path("name").asText())
        .filter(name -> text.contains(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private ObjectNode say(ObjectNode request, String text) {
    return completion(request, "stop", json.object().put("role", "assistant").put("content", text));
  }

  private ObjectNode call(ObjectNode request, String tool, ObjectNode arguments, int step) {
    ObjectNode message = json.object().put("role", "assistant").putNull("content");
    message
        .putArray("tool_calls")
        .addObject()
        .put("id", "call_demo_" + step)
        .put("type", "function")
        .putObject("function")
        .put("name", tool)
        .put("arguments", arguments.toString());
    return completion(request, "tool_calls", message);
  }

  private ObjectNode completion(ObjectNode request, String reason, ObjectNode message) {
    ObjectNode completion =
        json.object()
            .put("id", "chatcmpl-demo")
            .put("object", "chat.completion")
            .put("created", 0)
            .put("model", request.path("model").asText("demo"));
    completion
        .putArray("choices")
        .addObject()
        .put("index", 0)
        .put("finish_reason", reason)
        .set("message", message);
    int asked = words(request.path("messages").toString());
    int said = words(message.toString());
    completion
        .putObject("usage")
        .put("prompt_tokens", asked)
        .put("completion_tokens", said)
        .put("total_tokens", asked + said);
    return completion;
  }

  private static int words(String text) {
    return text.split("\\s+", -1).length;
  }

  private static String cut(String text) {
    return WellFormed.cut(text, LONGEST_REPORT);
  }
}
