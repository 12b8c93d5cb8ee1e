package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.PageTime;
import io.quarkus.qute.RawString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a run as the page shows it.
 *
 * @param number its number, from 0
 * @param took how long the call took that it completes; null where it completes none
 * @param pictures the addresses of its pictures
 * @param address the page that shows the whole entry
 */
public record EntryView(
    int number,
    PageTime time,
    @Nullable String took,
    EntryText shown,
    List<String> pictures,
    String address) {

  /**
   * What an entry says.
   *
   * @param kind its CSS class
   * @param html its text as safe HTML; null where it is shown as plain text, or has none
   * @param text its plain text; null for none
   * @param folds its folded parts, such as arguments
   * @param cut whether not all of its text is shown
   */
  public record EntryText(
      String kind,
      String title,
      @Nullable RawString html,
      @Nullable String text,
      List<Fold> folds,
      boolean cut) {}

  /** A folded part. */
  public record Fold(String summary, String text) {}
}
