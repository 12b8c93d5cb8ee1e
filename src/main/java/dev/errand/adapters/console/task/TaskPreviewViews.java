package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.RequestView;
import dev.errand.base.json.Json;
import dev.errand.runs.lifecycle.Preview;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the view of the preview of a run. */
@ApplicationScoped
class TaskPreviewViews {
  private static final int MOST_TEXT = 20_000;

  private final Json json;

  TaskPreviewViews(Json json) {
    this.json = json;
  }

  /**
   * What a run would begin with.
   *
   * @param address the address of the task's page
   * @param sent the form that would start the run
   */
  TaskPreviewView of(
      String address, String name, Preview preview, MultivaluedMap<String, String> sent) {
    return new TaskPreviewView(
        name,
        address,
        preview.messages().stream()
            .map(
                message ->
                    new TaskPreviewView.Message(
                        message.role().equals("system") ? "System prompt" : "Prompt",
                        Excerpt.of(message.content(), MOST_TEXT)))
            .toList(),
        preview.tools().stream().map(Preview.OfferedTool::name).toList(),
        lacking(preview.key()),
        RequestView.of(preview.request(), json),
        fields(sent));
  }

  private static @Nullable String lacking(Preview.Key key) {
    return key.present() && !key.opens()
        ? "The master key of this service can't open the key: enter the key of the task again."
        : null;
  }

  private static Map<String, String> fields(MultivaluedMap<String, String> sent) {
    Map<String, String> fields = new LinkedHashMap<>();
    sent.forEach((name, values) -> fields.put(name, values.getFirst()));
    fields.remove("ticket");
    return fields;
  }
}
