package dev.errand.app.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.ToolCalled;
import io.opentelemetry.api.trace.Span;
import jakarta.enterprise.context.ApplicationScoped;

/** Prompts, answers and tool calls as attributes of spans, if that is enabled. */
@ApplicationScoped
class SpanContent {
  private final boolean isWanted;

  SpanContent(ObserveConfig config) {
    this.isWanted = config.content();
  }

  void ofRequest(Span span, ModelAsked asked) {
    if (!isWanted) {
      return;
    }
    ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    for (Message message : asked.messages()) {
      if (message instanceof Message.Instructions(String system)
          && asked.traced().hasSystemApart()) {
        ArrayNode instructions = JsonNodeFactory.instance.arrayNode();
        text(system, instructions);
        span.setAttribute("gen_ai.system_instructions", instructions.toString());
      } else {
        messages.add(message(message));
      }
    }
    span.setAttribute("gen_ai.input.messages", messages.toString());
  }

  void ofAnswer(Span span, ModelAsked.Answered answer) {
    if (isWanted) {
      span.setAttribute(
          "gen_ai.output.messages",
          JsonNodeFactory.instance.arrayNode().add(message(answer.turn().message())).toString());
    }
  }

  void ofTool(Span span, ToolCalled called) {
    if (isWanted) {
      span.setAttribute("gen_ai.tool.call.arguments", called.call().arguments().toString());
      span.setAttribute("gen_ai.tool.call.result", called.result().joinedText());
    }
  }

  // A message in the form of the semantic conventions, where it consists of parts.
  private static ObjectNode message(Message message) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put(
        "role",
        switch (message) {
          case Message.Instructions _ -> "system";
          case Message.User _ -> "user";
          case Message.Assistant _ -> "assistant";
          case Message.ToolResult _ -> "tool";
        });
    ArrayNode parts = entry.putArray("parts");
    switch (message) {
      case Message.Instructions(String text) -> text(text, parts);
      case Message.User user -> {
        text(user.text(), parts);
        // Only the presence of a picture is recorded.
        user.pictures().forEach(_ -> parts.addObject().put("type", "image"));
      }
      case Message.Assistant assistant -> {
        if (!assistant.text().isEmpty()) {
          text(assistant.text(), parts);
        }
        assistant.toolCalls().forEach(call -> call(call, parts));
      }
      case Message.ToolResult result ->
          parts
              .addObject()
              .put("type", "tool_call_response")
              .put("id", result.callId())
              .put("response", result.text());
    }
    return entry;
  }

  private static void text(String text, ArrayNode parts) {
    parts.addObject().put("type", "text").put("content", text);
  }

  private static void call(Message.ToolCall call, ArrayNode parts) {
    parts
        .addObject()
        .put("type", "tool_call")
        .put("id", call.id())
        .put("name", call.name())
        .set("arguments", call.arguments());
  }
}
