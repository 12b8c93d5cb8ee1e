package dev.errand.adapters.console.run;

import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.EntrySearch;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what a person searches for within a run. */
@ApplicationScoped
class FoundEntries {
  /** What {@code show} selects. */
  static final String FAILED = "failed";

  private static final int MOST = 50;
  private static final int MOST_READS = 20;
  private static final int LONGEST_TEXT = 200;

  private final EntrySearch search;
  private final RunEntryCodec codec;
  private final Json json;

  FoundEntries(EntrySearch search, RunEntryCodec codec, Json json) {
    this.search = search;
    this.codec = codec;
    this.json = json;
  }

  /**
   * What is searched for.
   *
   * @param text a part of a text; empty for any
   * @param isTrouble whether only failures and warnings
   */
  record Search(String text, boolean isTrouble) {
    /** Whether that is any entry. */
    boolean isAll() {
      return text.isEmpty() && !isTrouble;
    }

    static Search of(String text, @Nullable String show) {
      return new Search(
          WellFormed.text(WellFormed.beginning(text, LONGEST_TEXT)), FAILED.equals(show));
    }

    /** The text as it is compared. */
    String lower() {
      return text.toLowerCase(Locale.ROOT);
    }

    /** The query of a page with it. */
    String query(String from) {
      return PagePaths.query(
          new TreeMap<>(Map.of("q", text, "show", isTrouble ? FAILED : "", "from", from)));
    }
  }

  /**
   * What was found.
   *
   * @param next the number of the entry where the search continues; null at the end of the run
   */
  record Matches(Search wanted, List<NumberedEntry> entries, @Nullable Integer next) {}

  /**
   * Searches a run.
   *
   * @param owner who asks
   * @param first the number of the first entry to look at
   */
  Matches in(WorkOwner owner, Run run, Search wanted, int first) {
    List<NumberedEntry> found = new ArrayList<>();
    int next = first;
    for (int reads = 0; reads < MOST_READS; reads++) {
      List<EntrySearch.Candidate> read =
          search.next(owner, run.id(), wanted.text, wanted.isTrouble, next);
      if (read.isEmpty()) {
        return new Matches(wanted, found, null);
      }
      for (EntrySearch.Candidate each : read) {
        next = each.number() + 1;
        NumberedEntry entry = new NumberedEntry(each.number(), codec.read(each.entry()));
        if (matches(entry, wanted)) {
          found.add(entry);
          if (found.size() == MOST) {
            return new Matches(wanted, found, next);
          }
        }
      }
    }
    return new Matches(wanted, found, next);
  }

  private boolean matches(NumberedEntry entry, Search wanted) {
    if (wanted.isTrouble && !entry.isTrouble()) {
      return false;
    }
    return Stream.of(
            EntryTexts.title(entry.entry()),
            EntryTexts.raw(entry.entry()),
            EntryTexts.text(entry.entry(), json))
        .anyMatch(words -> words.toLowerCase(Locale.ROOT).contains(wanted.lower()));
  }
}
