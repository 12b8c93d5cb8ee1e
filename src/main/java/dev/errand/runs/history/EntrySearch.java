package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.turn.WorkOwner;
import dev.errand.runs.entry.RunEntryCodec;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds entries of one run by their text, and those that tell of failures. */
@ApplicationScoped
public class EntrySearch {
  private static final int MOST_ENTRIES = 100;
  private static final int MOST_BYTES = 256 * 1024;

  // What is found is what the entries are stored as: who asks looks closer. The limit is a literal,
  // or the planner would expect a tenth of the table.
  static final String FOUND =
      """
      SELECT seq, %s FROM (
        SELECT seq, entry, sum(octet_length(entry)) OVER (ORDER BY seq) - octet_length(entry) AS before
        FROM (SELECT seq, entry FROM run_entry
          WHERE run_id = :run_id AND seq >= :first AND (position(lower(:text) IN lower(entry)) > 0
            OR position(lower(:quoted) IN lower(entry)) > 0) AND (NOT :troubled::boolean OR entry ~ :trouble)
          ORDER BY seq LIMIT %d) AS next) AS page
      WHERE page.before < :most_bytes ORDER BY seq
      """
          .formatted(EntryReader.ENTRY, MOST_ENTRIES);

  private static final String TROUBLE = "\"is_error\":true|\"level\":[45]0";

  private final Sql sql;
  private final EntryReader reader;
  private final Json json;

  EntrySearch(Sql sql, EntryReader reader, Json json) {
    this.sql = sql;
    this.reader = reader;
    this.json = json;
  }

  /**
   * An entry, as clients see it.
   *
   * @param number its number, from 0
   */
  public record Candidate(int number, String entry) {}

  /** What was read of an entry; its text is null where it is large. */
  @RegisterForReflection
  private record Found(int seq, @Nullable String entry, long bytes) {}

  /**
   * The next entries of a run that may be what is searched for. What is not, is not among them; the
   * text may also be that of a name of a field.
   *
   * @param owner who asks
   * @param text a part of their text; empty for any
   * @param isTrouble whether they tell of a failure, or warn
   * @param first the number of the first entry to look at
   * @return some, or none where the run has no more of them
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} where too many large entries are being read
   */
  public List<Candidate> next(
      WorkOwner owner, long runId, String text, boolean isTrouble, int first) {
    String quoted = json.write(text);
    return sql
        .statement(FOUND)
        .with("run_id", runId)
        .with("first", first)
        .with("text", StorableText.of(text))
        .with("quoted", quoted.substring(1, quoted.length() - 1))
        .with("troubled", isTrouble)
        .with("trouble", TROUBLE)
        .with("most_bytes", MOST_BYTES)
        .list(Found.class)
        .stream()
        .map(
            found ->
                new Candidate(
                    found.seq,
                    found.entry == null
                        ? reader.brief(owner, runId, found.seq, found.bytes)
                        : RunEntryCodec.shown(found.entry)))
        .toList();
  }
}
