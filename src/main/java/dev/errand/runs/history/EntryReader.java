package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.runs.entry.EntryCopy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of runs, the large ones in pieces: an entry has an answer of a model twice, as
 * clients see it and as its vendor wrote it, and may have {@code errand.model.max-answer} each.
 */
@Singleton
public class EntryReader {
  /** The most bytes of an entry that is read at once. */
  static final int LARGE = 256 * 1024;

  /** What a statement reads of an entry: NULL of a large one. */
  static final String ENTRY =
      "CASE WHEN octet_length(entry) <= %1$d THEN entry END AS entry, octet_length(entry)::bigint AS bytes"
          .formatted(LARGE);

  // In bytes: characters of several bytes would have to be counted from the beginning. The database
  // decompresses an entry for each piece, so that larger pieces take less of its time.
  static final int PIECE = 512 * 1024;
  private static final int BRIEF_PIECE = 2 * 1024 * 1024;
  private static final int BRIEF_AT_ONCE = 2;
  private static final byte[] NOTHING = {};
  private static final int MOST_OF_A_CHARACTER = 4;

  private static final int MOST_AT_ONCE = 100;

  private static final String NEXT =
      """
      SELECT seq, %s FROM (
        SELECT seq, entry, sum(octet_length(entry)) OVER (ORDER BY seq) - octet_length(entry) AS before
        FROM (SELECT seq, entry FROM run_entry WHERE run_id = :run_id AND seq >= :first AND seq < :end
          ORDER BY seq LIMIT %d) AS next) AS page
      WHERE before < %d ORDER BY seq
      """
          .formatted(ENTRY, MOST_AT_ONCE, LARGE);

  private static final String SIZE =
      """
      SELECT octet_length(entry) AS bytes FROM run_entry WHERE run_id = :run_id AND seq = :seq
      """;

  // Whether there is more behind a piece is known by its length.
  private static final String PART =
      """
      SELECT substring(convert_to(entry, 'UTF8') FROM :from FOR :most) AS piece FROM run_entry
      WHERE run_id = :run_id AND seq = :seq
      """;

  private final Sql sql;
  private final Semaphore brief = new Semaphore(BRIEF_AT_ONCE, true);

  public EntryReader(Sql sql) {
    this.sql = sql;
  }

  /** An entry; its text is null where it is large. */
  private record Stored(int seq, @Nullable String entry) {}

  /** Receives entries as clients see them. */
  interface Receiver {
    /** The beginning of an entry, or all of it. */
    void begins(String text) throws IOException;

    /** The next part of the same entry. */
    void goesOn(String text) throws IOException;
  }

  /**
   * Reads the first entries of a run.
   *
   * @param count how many
   * @param isRaw whether with messages as their vendor sent them
   */
  void each(long runId, int count, boolean isRaw, Receiver to) throws IOException {
    int next = 0;
    while (next < count) {
      List<Stored> page =
          sql.statement(NEXT)
              .with("run_id", runId)
              .with("first", next)
              .with("end", count)
              .list(row -> new Stored(row.integer("seq"), row.textOrNull("entry")));
      if (page.isEmpty()) {
        return; // It was removed meanwhile.
      }
      for (Stored each : page) {
        if (each.entry == null) {
          copy(runId, each.seq, EntryCopy.whole(isRaw), PIECE, to);
        } else {
          to.begins(EntryCopy.whole(isRaw).of(each.entry));
        }
      }
      next = page.getLast().seq + 1;
    }
  }

  /** A large entry, with the beginnings of its texts. */
  String brief(long runId, int seq, long bytes) {
    StringBuilder copied = new StringBuilder();
    brief.acquireUninterruptibly();
    try {
      copy(runId, seq, EntryCopy.brief(bytes), BRIEF_PIECE, copied::append);
    } finally {
      brief.release();
    }
    return copied.toString();
  }

  /** How many bytes an entry has as it is stored; empty where there is no such entry. */
  public OptionalLong size(long runId, int seq) {
    return sql.statement(SIZE)
        .with("run_id", runId)
        .with("seq", seq)
        .first(row -> OptionalLong.of(row.number("bytes")))
        .orElse(OptionalLong.empty());
  }

  /** An entry as clients see it, in parts. */
  public void whole(long runId, int seq, Part to) {
    copy(runId, seq, EntryCopy.whole(false), PIECE, to);
  }

  /** Receives the parts of an entry. */
  @FunctionalInterface
  public interface Part {
    void add(String text);
  }

  private void copy(long runId, int seq, EntryCopy copy, int size, Part to) {
    Receiver parts =
        new Receiver() {
          @Override
          public void begins(String text) {
            to.add(text);
          }

          @Override
          public void goesOn(String text) {
            to.add(text);
          }
        };
    try {
      copy(runId, seq, copy, size, parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copy(long runId, int seq, EntryCopy copy, int size, Receiver to) throws IOException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer rest = ByteBuffer.allocate(0);
    CharBuffer text = CharBuffer.allocate(size + MOST_OF_A_CHARACTER);
    int from = 1;
    int read;
    do {
      byte[] piece =
          sql.statement(PART)
              .with("run_id", runId)
              .with("seq", seq)
              .with("from", from)
              .with("most", size)
              .first(row -> row.bytes("piece"))
              .orElse(NOTHING);
      read = piece.length;
      // A character may begin in one piece and end in the next one.
      ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + read).put(rest).put(piece).flip();
      text.clear();
      CoderResult result = decoder.decode(bytes, text, read < size);
      if (result.isError()) {
        result.throwException();
      }
      rest = bytes;
      String copied = copy.of(text.flip().toString());
      if (from == 1) {
        to.begins(copied);
      } else {
        to.goesOn(copied);
      }
      from += size;
    } while (read == size);
  }
}
