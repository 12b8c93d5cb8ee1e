package dev.errand.adapters.console.run;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.limit.FittingItems;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.EntryPages;
import dev.errand.runs.history.EntryReader;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Consumer;

/** Reads the entries that pages show. */
@ApplicationScoped
class ShownEntries {
  private final EntryPages pages;
  private final EntryReader reader;
  private final FittingItems memory;
  private final CurrentCaller caller;

  ShownEntries(EntryPages pages, EntryReader reader, FittingItems memory, CurrentCaller caller) {
    this.caller = caller;
    this.pages = pages;
    this.reader = reader;
    this.memory = memory;
  }

  /**
   * A part of the entries of a run.
   *
   * @param first the number of its first entry, from 0
   * @throws ApiException {@link ErrorCode#RUN_NOT_FOUND} where the run has just been removed
   */
  EntryPage from(Run run, int first) {
    return from(owner(), run, first);
  }

  /**
   * The same outside of the request that it is for.
   *
   * @param owner for whom it is read
   */
  EntryPage from(WorkOwner owner, Run run, int first) {
    return pages
        .pages(owner, List.of(new EntryPages.RequestedPage(run.id(), first)))
        .getFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.RUN_NOT_FOUND, "The run " + run.name() + " was deleted just now."));
  }

  /**
   * The newest entries of a run, up to the last one, as long as a page has room for them.
   *
   * @throws ApiException as {@link #from} does
   */
  EntryPage newest(Run run) {
    return newest(run, RunPageViews.ENTRIES);
  }

  /**
   * The same with fewer entries.
   *
   * @param most how many at most
   */
  EntryPage newest(Run run, int most) {
    int wanted = most;
    EntryPage page = from(run, Math.max(0, run.entryCount() - wanted));
    // Large entries fill a page before its end: then fewer of them are read.
    while (page.first() + page.entries().size() < page.count() && page.entries().size() < wanted) {
      wanted = wanted / 2;
      page = from(run, Math.max(0, page.count() - wanted));
    }
    return page;
  }

  /**
   * One entry, as clients see it; of a large one the beginnings of its texts.
   *
   * @throws ApiException {@link ErrorCode#NOT_FOUND} where the run has no such entry
   */
  String one(Run run, int number) {
    List<String> entries = from(run, number).entries();
    if (entries.isEmpty()) {
      throw notFound(run, number);
    }
    return entries.getFirst();
  }

  /**
   * All of an entry, for which memory is held until the request is answered.
   *
   * @throws ApiException as {@link #one} does
   */
  String whole(Run run, int number) {
    WorkOwner owner = owner();
    memory.hold(owner.user(), check(run, number));
    StringBuilder whole = new StringBuilder();
    reader.whole(owner, run.id(), number, whole::append);
    return whole.toString();
  }

  /**
   * All of an entry, in parts. Memory for one of them is held until the request is answered.
   *
   * @throws ApiException as {@link #one} does
   */
  Consumer<EntryReader.Part> parts(Run run, int number) {
    WorkOwner owner = owner();
    memory.holdHeap(owner.user(), EntryReader.heap(check(run, number)));
    return to -> reader.whole(owner, run.id(), number, to);
  }

  private WorkOwner owner() {
    return WorkOwner.user(caller.get().username());
  }

  private long check(Run run, int number) {
    return reader.size(run.id(), number).orElseThrow(() -> notFound(run, number));
  }

  private static ApiException notFound(Run run, int number) {
    return new ApiException(
        ErrorCode.NOT_FOUND, "The run " + run.name() + " has no entry " + number + ".");
  }

  /** The number of an entry, from an address. */
  static int number(String field, String text) {
    return QueryNumber.of(field, text, 0, 1_000_000_000);
  }
}
