package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.turn.WorkOwner;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.queue.RunStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads pages of runs' entries, and runs' statuses, for watchers and for the console. */
@ApplicationScoped
public class EntryPages {
  static final int MOST_ENTRIES = 100;

  /** The most bytes of a page with more than one entry. */
  public static final int MOST_BYTES = 256 * 1024;

  static final String PAGES = ArchiveStatements.PAGES.formatted(EntryReader.ENTRY, MOST_ENTRIES);

  private final Sql sql;
  private final EntryReader reader;

  public EntryPages(Sql sql, EntryReader reader) {
    this.sql = sql;
    this.reader = reader;
  }

  /**
   * The state of a run.
   *
   * @param waits whether it waits for a person
   */
  @RegisterForReflection
  public record State(RunStatus status, @Column(name = "entry_count") int count, boolean waits) {}

  /**
   * A requested page.
   *
   * @param first the number of its first entry, from 0
   */
  public record RequestedPage(long runId, int first) {}

  /** A large entry, and its place in a page. */
  private record Large(EntryPage page, int index, long runId, int seq, long bytes) {}

  /**
   * Reads pages in one statement, each empty if its run was removed. Together they may have as many
   * bytes as a single page. Of large entries they have the beginnings of their texts.
   *
   * @param owner who asks
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} where too many large entries are being read
   */
  public List<Optional<EntryPage>> pages(WorkOwner owner, List<RequestedPage> wanted) {
    List<Optional<EntryPage>> pages =
        new ArrayList<>(Collections.nCopies(wanted.size(), Optional.empty()));
    List<Large> large = new ArrayList<>();
    sql.statement(PAGES)
        .with("ids", "bigint", wanted, RequestedPage::runId)
        .with("firsts", "integer", wanted, RequestedPage::first)
        .with("most_bytes", MOST_BYTES / wanted.size())
        .each(
            row -> {
              int number = row.integer("number") - 1;
              EntryPage page =
                  pages.get(number).orElseGet(() -> empty(wanted.get(number), row.as(State.class)));
              String entry = row.textOrNull("entry");
              if (entry != null) {
                page.entries().add(RunEntryCodec.shown(entry));
              } else if (row.numberOrNull("bytes") != null) {
                large.add(
                    new Large(
                        page,
                        page.entries().size(),
                        wanted.get(number).runId(),
                        row.integer("seq"),
                        row.number("bytes")));
                page.entries().add("");
              }
              pages.set(number, Optional.of(page));
            });
    for (Large each : large) {
      each.page.entries().set(each.index, reader.brief(owner, each.runId, each.seq, each.bytes));
    }
    return pages;
  }

  private static EntryPage empty(RequestedPage wanted, State state) {
    return new EntryPage(wanted.first(), new ArrayList<>(), state);
  }

  /** The states of runs in that order, each empty if the run was removed. */
  public List<Optional<State>> states(List<Long> runIds) {
    Map<Long, State> states = states(sql, runIds);
    return runIds.stream().map(id -> Optional.ofNullable(states.get(id))).toList();
  }

  /** The states of runs, by run id; runs that were removed are left out. */
  public static Map<Long, State> states(Sql sql, Collection<Long> runIds) {
    Map<Long, State> states = new HashMap<>();
    sql.statement(ArchiveStatements.STATES)
        .with("ids", "bigint", runIds)
        .each(row -> states.put(row.number("id"), row.as(State.class)));
    return states;
  }
}
