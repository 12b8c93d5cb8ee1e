package dev.errand.runs.queue.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.ConversationItem;
import dev.errand.models.port.ConversationItem.Original;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener.ToolEnd;
import dev.errand.models.port.Usage;
import dev.errand.models.port.WarningCode;
import dev.errand.tools.tool.Content;
import dev.errand.tools.tool.ToolEgress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Builds the entries of a run's {@code results}, each a JSON object. An entry of a message also
 * keeps the model vendor's original form, which clients are not shown.
 */
@ApplicationScoped
public class RunEntries {
  /** The level of an entry that the run's owner should see. */
  public static final int WARNING = 40;

  /** The field with the duration of a request or a call, in milliseconds. */
  public static final String MS = "ms";

  private static final String TOOL = "tool";

  /** The field of the result of a tool call that says whether it is an error. */
  public static final String IS_ERROR = "is_error";

  /** The field of an answer that names the tools that the model was offered. */
  public static final String TOOLS = "tools";

  private static final String ORIGINAL = "original";
  private static final String ORIGINAL_BEGINS = ",\"" + ORIGINAL + "\":{\"runner\":";
  private static final JsonFactory PARSERS =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build();
  private static final int INFO = 30;
  private static final int ERROR = 50;

  private final Json json;
  private final Clock clock;

  RunEntries(Json json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /** The rendered prompt. */
  public String prompt(String text) {
    return message(ConversationItem.of(json.object().put("role", "user").put("content", text)));
  }

  /** A message exchanged with the model that is not the last one. */
  public String message(ConversationItem item) {
    ObjectNode entry = entry("message", INFO).set("exchange", item.message());
    return json.write(withOriginal(entry, item));
  }

  /**
   * An ended request to the model.
   *
   * @param tookMs how long it took, in milliseconds
   * @param tools the address of the definitions of the tools that it offered; null for none
   */
  public record Asked(long tookMs, @Nullable String tools) {
    private ObjectNode in(ObjectNode entry) {
      entry.put(MS, tookMs);
      return tools == null ? entry : entry.put(TOOLS, tools);
    }
  }

  /** A message of the model that is not the last one. */
  public String answer(ConversationItem item, Asked asked) {
    ObjectNode entry = entry("message", INFO).set("exchange", item.message());
    return json.write(withOriginal(asked.in(entry), item));
  }

  /**
   * The start of a tool call.
   *
   * @param arguments the arguments; a text where the model gave no valid JSON
   */
  public String toolRequest(String callId, String tool, JsonNode arguments) {
    ObjectNode entry = entry("call tool request", INFO);
    entry.putObject("params").put("name", tool).set("arguments", arguments);
    return json.write(entry.put("tool_call_id", callId));
  }

  /**
   * The end of a tool call. Its pictures are stored in the form of the Model Context Protocol.
   * Pictures and requests are left out where there are none.
   */
  public String toolResult(ToolEnd end) {
    ObjectNode entry =
        entry("call tool result", INFO)
            .<ObjectNode>set("exchange", end.result().message())
            .put(TOOL, end.tool())
            .put(IS_ERROR, end.isError())
            .put(MS, end.tookMs());
    if (!end.egress().isEmpty()) {
      ArrayNode egress = entry.putArray("egress");
      end.egress().forEach(request -> egress(egress.addObject(), request));
    }
    if (!end.result().pictures().isEmpty()) {
      ArrayNode attachments = entry.putArray("attachments");
      for (Content.Image picture : end.result().pictures()) {
        attachments
            .addObject()
            .put("type", "image")
            .put("data", picture.data())
            .put("mimeType", picture.mimeType());
      }
    }
    return json.write(entry);
  }

  private static void egress(ObjectNode to, ToolEgress request) {
    to.put("host", request.host()).put("method", request.method());
    if (request.status() != null) {
      to.put("status", request.status());
    }
    to.put("bytes", request.bytes()).put(MS, request.ms());
    if (request.refused() != null) {
      to.put("refused", request.refused());
    }
    if (request.failed() != null) {
      to.put("failed", request.failed());
    }
  }

  /** A line that a tool logged. */
  public String log(String tool, int level, String line) {
    return json.write(entry(line, level).put(TOOL, tool));
  }

  /**
   * A failed request to the model that is followed by another try.
   *
   * @param error the error with which the run would end if this were the last try
   * @param number the number of the try within its step, from 1
   */
  public String failedTry(RunError error, String sentence, int number, Asked asked) {
    return json.write(
        asked.in(entry(sentence, WARNING).put("code", error.code()).put("try", number)));
  }

  /**
   * A warning that the run is close to one of its bounds.
   *
   * @param error the error with which the run ends when it reaches the bound
   */
  public String nearing(RunError error, String sentence) {
    return json.write(entry(sentence, WARNING).put("code", error.code()));
  }

  /** A warning that the last message is not the whole answer of the model. */
  public String incomplete(WarningCode code, String sentence) {
    return json.write(entry(sentence, WARNING).put("code", code.code()));
  }

  /** A warning that a step was cut off and is repeated. */
  public String cutOff(WarningCode code, String sentence) {
    return json.write(entry(sentence, WARNING).put("code", code.code()));
  }

  /** The last message of a run that is ready. */
  public String finalMessage(ConversationItem lastMessage, Asked asked) {
    ObjectNode entry = entry("final message", INFO).set("lastMessage", lastMessage.message());
    return json.write(withOriginal(asked.in(entry), lastMessage));
  }

  /** The end of a run that failed. */
  public String failed(RunError error, String sentence) {
    return failed(error, sentence, null);
  }

  /**
   * The end of a run that failed.
   *
   * @param asked the request to the model that failed; null where another reason ends the run
   */
  public String failed(RunError error, String sentence, @Nullable Asked asked) {
    ObjectNode entry = entry("run failed", ERROR).put("error", sentence).put("code", error.code());
    return json.write(asked == null ? entry : asked.in(entry));
  }

  /** The retry of an ended run. */
  public String retried() {
    return json.write(entry("run taken up again", INFO));
  }

  private static ObjectNode withOriginal(ObjectNode entry, ConversationItem item) {
    Original original = item.original();
    if (original != null) {
      // It must be the last field: shown() cuts the entry off here.
      entry.putObject(ORIGINAL).put("runner", original.runner()).set("sent", original.sent());
    }
    return entry;
  }

  /** The vendor's form of an entry's message; null where it equals the message. */
  public static @Nullable Original original(ObjectNode entry) {
    return entry.path(ORIGINAL) instanceof ObjectNode kept
        ? new Original(kept.path("runner").asText(), kept.path("sent"))
        : null;
  }

  /** An entry as clients see it: without the vendor's form of its message. */
  public static String shown(String entry) {
    if (!entry.contains(ORIGINAL_BEGINS)) {
      return entry;
    }
    try (JsonParser parser = PARSERS.createParser(entry)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (parser.currentName().equals(ORIGINAL)) {
          int comma = (int) parser.currentTokenLocation().getCharOffset() - 1;
          return entry.substring(0, comma) + "}";
        }
        parser.nextToken();
        parser.skipChildren();
      }
      return entry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The usage of a run so far, in the form that the queue stores beside the entries. */
  public String usage(Usage usage) {
    return json.write(usage);
  }

  private ObjectNode entry(String msg, int level) {
    return json.object().put("msg", msg).put("time", clock.millis()).put("level", level);
  }
}
