package dev.errand.runs.queue.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.model.ConversationItem;
import dev.errand.models.model.ConversationItem.Original;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the entries of a run's {@code results}, each a JSON object. What a vendor sent for a
 * message is kept in its entry, and not shown.
 */
@ApplicationScoped
public class RunEntries {
  /** The level of an entry that its run's owner should know of. */
  public static final int WARNING = 40;

  private static final String ORIGINAL = "original";
  private static final String ORIGINAL_BEGINS = ",\"" + ORIGINAL + "\":{\"runner\":";
  private static final JsonFactory PARSERS = new JsonFactory();
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
    return withOriginal(entry, item).toString();
  }

  /**
   * A tool call that begins.
   *
   * @param arguments the arguments; a text where the model gave no valid JSON
   */
  public String toolRequest(String callId, String tool, JsonNode arguments) {
    ObjectNode entry = entry("call tool request", INFO);
    entry.putObject("params").put("name", tool).set("arguments", arguments);
    return entry.put("tool_call_id", callId).toString();
  }

  /**
   * A tool call that has ended.
   *
   * @param attachments what the model is shown besides; left out where there is nothing
   */
  public String toolResult(ObjectNode exchange, ArrayNode attachments, boolean isError) {
    ObjectNode entry =
        entry("call tool result", INFO)
            .<ObjectNode>set("exchange", exchange)
            .put("is_error", isError);
    if (!attachments.isEmpty()) {
      entry.set("attachments", attachments);
    }
    return entry.toString();
  }

  /** A line that a tool logged. */
  public String log(String tool, int level, String line) {
    return entry(line, level).put("tool", tool).toString();
  }

  /**
   * A try to ask the model that failed and is followed by another.
   *
   * @param code what the run would end with if it were the last
   * @param number which try of the step it was, from 1
   */
  public String failedTry(String code, String sentence, int number) {
    return entry(sentence, WARNING).put("code", code).put("try", number).toString();
  }

  /**
   * A bound of which not much is left.
   *
   * @param code what the run ends with when it is reached
   */
  public String nearing(String code, String sentence) {
    return entry(sentence, WARNING).put("code", code).toString();
  }

  /** A last message that is not all of the model's answer. */
  public String incomplete(String code, String sentence) {
    return entry(sentence, WARNING).put("code", code).toString();
  }

  /** A step that was cut off, and is repeated. */
  public String cutOff(String code, String sentence) {
    return entry(sentence, WARNING).put("code", code).toString();
  }

  /** The last message of a run that is ready. */
  public String finalMessage(ConversationItem lastMessage) {
    ObjectNode entry = entry("final message", INFO).set("lastMessage", lastMessage.message());
    return withOriginal(entry, lastMessage).toString();
  }

  /** The end of a run that is not. */
  public String failed(String code, String sentence) {
    return entry("run failed", ERROR).put("error", sentence).put("code", code).toString();
  }

  /** An ended run that is gone on with. */
  public String takenUpAgain() {
    return entry("run taken up again", INFO).toString();
  }

  private static ObjectNode withOriginal(ObjectNode entry, ConversationItem item) {
    Original original = item.original();
    if (original != null) {
      // The last field, or it could not be cut off.
      entry.putObject(ORIGINAL).put("runner", original.runner()).set("sent", original.sent());
    }
    return entry;
  }

  /** What a vendor sent for the message of an entry; null where that is the message. */
  public static @Nullable Original original(ObjectNode entry) {
    return entry.path(ORIGINAL) instanceof ObjectNode kept
        ? new Original(kept.path("runner").asText(), kept.path("sent"))
        : null;
  }

  /** An entry as a run shows it: without what a vendor sent for its message. */
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

  private ObjectNode entry(String msg, int level) {
    return json.object().put("msg", msg).put("time", clock.millis()).put("level", level);
  }
}
