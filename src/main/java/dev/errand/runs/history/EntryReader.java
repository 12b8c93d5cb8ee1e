package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.turn.FairPool;
import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.runs.entry.EntryCopy;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
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
  private static final int PIECES_AT_ONCE = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final byte[] NOTHING = {};

  private static final int MOST_AT_ONCE = 100;

  // What a reader holds while its client reads nothing: a page of entries, and the copy of one, or
  // of a piece of a large one, whose characters may take two bytes each. What a piece is read and
  // decoded by is garbage then.
  private static final int COPIES = 4;
  // Those that JSON is written by, and of the connection.
  private static final int BUFFERS = 64 * 1024;

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
  private final RequestPools pools;
  private final FairSemaphore turns = new FairSemaphore(PIECES_AT_ONCE);

  public EntryReader(Sql sql, RequestPools pools) {
    this.sql = sql;
    this.pools = pools;
  }

  /** How many readers wait for their turn. */
  int waiting() {
    return turns.waiting();
  }

  /** The bytes of heap that are held at most to show entries of so many bytes, one by one. */
  public static long heap(long bytes) {
    return COPIES * Math.min(bytes, PIECE) + BUFFERS;
  }

  /** An entry; its text is null where it is large. */
  @RegisterForReflection
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
   * @param owner who asks; large entries are read in turns by user
   * @param count how many
   * @param isRaw whether with messages as their vendor sent them
   */
  void each(WorkOwner owner, long runId, int count, boolean isRaw, Receiver to) throws IOException {
    int next = 0;
    while (next < count) {
      List<Stored> page =
          sql.statement(NEXT)
              .with("run_id", runId)
              .with("first", next)
              .with("end", count)
              .list(Stored.class);
      if (page.isEmpty()) {
        return; // It was removed meanwhile.
      }
      for (Stored each : page) {
        if (each.entry == null) {
          copy(owner, runId, each.seq, EntryCopy.whole(isRaw), to);
        } else {
          to.begins(EntryCopy.whole(isRaw).of(each.entry));
        }
      }
      next = page.getLast().seq + 1;
    }
  }

  /**
   * A large entry, with the beginnings of its texts.
   *
   * @param owner who asks; these are read in turns by user
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} where the turn did not come in time
   */
  String brief(WorkOwner owner, long runId, int seq, long bytes) {
    return pools.search().call(owner, () -> brief(runId, seq, bytes));
  }

  private String brief(long runId, int seq, long bytes) {
    StringBuilder copied = new StringBuilder();
    Pieces pieces = new Pieces(runId, seq, EntryCopy.brief(bytes), BRIEF_PIECE);
    try {
      while (pieces.goOn()) {
        FairPool.check();
        copied.append(pieces.next());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /**
   * An entry as clients see it, in parts.
   *
   * @param owner who asks; the parts are read in turns by user
   */
  public void whole(WorkOwner owner, long runId, int seq, Part to) {
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
      copy(owner, runId, seq, EntryCopy.whole(false), parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Receives the parts of an entry. */
  @FunctionalInterface
  public interface Part {
    void add(String text);
  }

  // A turn is not held while the client reads.
  private void copy(WorkOwner owner, long runId, int seq, EntryCopy copy, Receiver to)
      throws IOException {
    Pieces pieces = new Pieces(runId, seq, copy, PIECE);
    to.begins(inTurn(owner, pieces));
    while (pieces.goOn()) {
      to.goesOn(inTurn(owner, pieces));
    }
  }

  private String inTurn(WorkOwner owner, Pieces pieces) throws IOException {
    try {
      if (!turns.take(owner, PATIENCE.toNanos())) {
        throw new ApiException(
            ErrorCode.UNAVAILABLE, "Too many large entries are being read here: try again.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(ErrorCode.UNAVAILABLE, "The process is stopping: try again.");
    }
    try {
      return pieces.next();
    } finally {
      turns.give(owner);
    }
  }

  /** The pieces of an entry. Nothing but the rest of a character is held between them. */
  private final class Pieces {
    private final long runId;
    private final int seq;
    private final EntryCopy copy;
    private final int size;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    // A character may begin in one piece and end in the next one.
    private byte[] rest = NOTHING;
    private int from = 1;
    private boolean goesOn = true;

    Pieces(long runId, int seq, EntryCopy copy, int size) {
      this.runId = runId;
      this.seq = seq;
      this.copy = copy;
      this.size = size;
    }

    /** Whether there may be one more. */
    boolean goOn() {
      return goesOn;
    }

    /** The copy of the next one. */
    String next() throws IOException {
      byte[] piece =
          sql.statement(PART)
              .with("run_id", runId)
              .with("seq", seq)
              .with("from", from)
              .with("most", size)
              .first(row -> row.bytes("piece"))
              .orElse(NOTHING);
      goesOn = piece.length == size;
      from += size;
      ByteBuffer bytes = ByteBuffer.wrap(piece);
      if (rest.length > 0) {
        bytes = ByteBuffer.allocate(rest.length + piece.length).put(rest).put(piece).flip();
      }
      CharBuffer text = CharBuffer.allocate(bytes.remaining());
      CoderResult result = decoder.decode(bytes, text, !goesOn);
      if (result.isError()) {
        result.throwException();
      }
      rest = new byte[bytes.remaining()];
      bytes.get(rest);
      return copy.of(text.flip());
    }
  }
}
