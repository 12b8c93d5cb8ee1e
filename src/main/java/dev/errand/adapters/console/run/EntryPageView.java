package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.RequestView;
import io.quarkus.qute.RawString;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of one entry.
 *
 * @param run the name of its run
 * @param address the page of the run
 * @param note a sentence about its text; null for none
 * @param html all of its text as safe HTML; null where it is plain, or has none
 * @param text all of its plain text; null where it is rendered, or has none
 * @param json it as JSON, indented, or the beginning of that
 * @param cut whether there is more of the JSON
 * @param request the request to the model that led to it; null where there is none
 * @param lacking why the request can't be shown; null where it can, or there is none
 */
public record EntryPageView(
    String run,
    String address,
    int number,
    String title,
    @Nullable String note,
    @Nullable RawString html,
    @Nullable String text,
    String json,
    boolean cut,
    @Nullable RequestView request,
    @Nullable String lacking) {

  /** Whether it has a text. */
  public boolean hasText() {
    return html != null || text != null;
  }
}
