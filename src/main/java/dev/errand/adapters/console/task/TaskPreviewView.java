package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.RequestView;
import dev.errand.base.json.Json;
import dev.errand.runs.lifecycle.Preview;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a task would begin with.
 *
 * @param request the first request
 */
public record TaskPreviewView(Preview preview, RequestView request) {
  private static final int MOST_TEXT = 20_000;

  /** A message. */
  public record Message(String title, String text) {}

  /** The view of a preview. */
  static TaskPreviewView of(Preview preview, Json json) {
    return new TaskPreviewView(preview, RequestView.of(preview.request(), json));
  }

  /** The first messages, or the beginnings of them. */
  public List<Message> messages() {
    return preview.messages().stream()
        .map(
            message ->
                new Message(
                    message.role().equals("system") ? "System prompt" : "Prompt",
                    Excerpt.of(message.content(), MOST_TEXT)))
        .toList();
  }

  /** Why the model could not be called; null where it can. */
  public @Nullable String lacking() {
    return preview.key().present() && !preview.key().opens()
        ? "The master key of this service can't open the key: enter the key of the task again."
        : null;
  }
}
