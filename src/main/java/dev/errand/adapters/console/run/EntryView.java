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
 * @param used the tokens and the cost of the request to the model that it completes; null where
 *     that is not known
 * @param pictures the addresses of its pictures
 * @param address the page that shows the whole entry
 * @param use the tool call that it belongs to; null for none
 * @param parts the other entries of the tool call that it begins
 * @param place where it is in the conversation; null where that is shown
 */
public record EntryView(
    int number,
    PageTime time,
    @Nullable String took,
    @Nullable String used,
    EntryText shown,
    List<String> pictures,
    String address,
    @Nullable ToolUse use,
    List<EntryView> parts,
    @Nullable String place) {

  /**
   * The place of an entry in a tool call, by which the page puts together what is streamed.
   *
   * @param role {@code call} for its begin, {@code end} for its result, {@code part} for anything
   *     else of the call of that id, or {@code log} for a line of a tool
   * @param id the id of the call; empty for a line
   * @param tool the name of the tool; empty where another entry has it
   */
  public record ToolUse(String role, String id, String tool) {}

  /**
   * What an entry says.
   *
   * @param html its text as safe HTML; null where it is shown as plain text, or has none
   * @param text its plain text; null for none
   * @param hit where its text has what was searched for; null where it is shown from its begin
   * @param folds its folded parts, such as arguments
   * @param note a sentence about the text; null for none
   * @param cut whether not all of its text is shown
   */
  public record EntryText(
      EntryKind kind,
      String title,
      @Nullable RawString html,
      @Nullable String text,
      @Nullable Hit hit,
      List<Fold> folds,
      @Nullable String note,
      boolean cut) {}

  /** A folded part. */
  public record Fold(String summary, String text) {}

  /** A part of a text with what was searched for. */
  public record Hit(String before, String found, String after) {}

  /** The entry, with the other entries of the tool call that it begins. */
  EntryView with(List<EntryView> others) {
    return new EntryView(
        number, time, took, used, shown, pictures, address, use, List.copyOf(others), place);
  }

  /** The entry, with its place in the conversation. */
  EntryView at(String address) {
    return new EntryView(
        number, time, took, used, shown, pictures, this.address, use, parts, address);
  }
}
