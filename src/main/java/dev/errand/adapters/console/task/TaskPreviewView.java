package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.RequestView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a task would begin with.
 *
 * @param tools the names of the tools that are offered
 * @param lacking why the model could not be called; null where it can
 * @param request the first request
 * @param sent the fields of the form that starts the run, by name
 */
public record TaskPreviewView(
    String name,
    String address,
    List<Message> messages,
    List<String> tools,
    @Nullable String lacking,
    RequestView request,
    Map<String, String> sent) {

  /** A message. */
  public record Message(String title, String text) {}
}
