package dev.errand.runs.run.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.ConversationItem;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Transcript;
import dev.errand.runs.queue.record.RunEntries;
import dev.errand.tools.tool.Content;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Rebuilds a conversation from a run's entries alone. */
@ApplicationScoped
public class Transcripts {
  private final Json json;

  Transcripts(Json json) {
    this.json = json;
  }

  /** A conversation that has only its rendered prompt. */
  public Transcript ofPrompt(String prompt) {
    ObjectNode message = json.object().put("role", "user").put("content", prompt);
    return new Transcript(List.of(ConversationItem.of(message)), 0, Set.of());
  }

  /** The conversation that these entries record. */
  public Transcript of(List<String> entries) {
    List<ConversationItem> exchanges = new ArrayList<>();
    Set<RunError> warnedOf = EnumSet.noneOf(RunError.class);
    int failedTries = 0;
    for (String text : entries) {
      ObjectNode entry = read(text);
      if (entry.get("exchange") instanceof ObjectNode exchange) {
        exchanges.add(
            new ConversationItem(
                exchange, pictures(entry.path("attachments")), RunEntries.original(entry)));
        failedTries = 0;
      } else if (entry.path("try").isInt()) {
        failedTries++;
      } else if (entry.has("error")) {
        // The end of a run that was then retried, which resets its tries and warnings.
        failedTries = 0;
        warnedOf.clear();
      } else if (entry.path("level").asInt() == RunEntries.WARNING && entry.has("code")) {
        RunError.of(entry.path("code").asText()).filter(RunError::isBound).ifPresent(warnedOf::add);
      }
    }
    return new Transcript(exchanges, failedTries, warnedOf);
  }

  private static List<Content.Image> pictures(JsonNode attachments) {
    List<Content.Image> pictures = new ArrayList<>();
    attachments.forEach(
        part ->
            pictures.add(
                new Content.Image(part.path("data").asText(), part.path("mimeType").asText())));
    return pictures;
  }

  private ObjectNode read(String entry) {
    return json.read(entry, ObjectNode.class);
  }
}
