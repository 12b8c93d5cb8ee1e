package dev.errand.adapters.console.run;

import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.entry.TimedEntry;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Shows what a run did last on other pages than its own. */
@ApplicationScoped
public class NewestEntries {
  private static final int CHARACTERS = 2000;
  // A turn has an entry or two for each of its calls.
  private static final int READ = 50;

  private final ShownEntries shown;
  private final EntryViews views;
  private final RunEntryCodec codec;

  NewestEntries(ShownEntries shown, EntryViews views, RunEntryCodec codec) {
    this.shown = shown;
    this.views = views;
    this.codec = codec;
  }

  /**
   * The newest entries of a run that say what it did; the calls that its model has only asked for
   * are left out.
   *
   * @param most how many at most
   * @param address the page of the run
   */
  public List<EntryView> of(Run run, int most, String address) {
    EntryPage page = shown.newest(run, READ);
    List<EntryView> entries = new ArrayList<>();
    int number = page.first();
    for (String stored : page.entries()) {
      TimedEntry entry = codec.read(stored);
      if (!(entry.entry() instanceof RunEntry.ToolCallRequested
          || entry.entry() instanceof RunEntry.ApprovalRequested)) {
        entries.add(views.of(new NumberedEntry(number, entry), CHARACTERS, address));
      }
      number++;
    }
    return entries.subList(Math.max(0, entries.size() - most), entries.size());
  }
}
