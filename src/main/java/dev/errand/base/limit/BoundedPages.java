package dev.errand.base.limit;

import dev.errand.base.database.Row;
import dev.errand.base.limit.ReadBudget.Held;
import io.quarkus.arc.Arc;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of lists that are bounded in bytes as well as in items, and holds the memory for them
 * until the request is answered. A page is read in parts, each after its memory was reserved; it
 * ends early where the next item would make it too large, or where there is no memory for that. It
 * has one item at least.
 */
@Singleton
public class BoundedPages {
  /** The most bytes of texts on a page with more than one item, where the heap is large enough. */
  public static final long MOST_BYTES = 8L * 1024 * 1024;

  // Nearly all lists fit into the first part, and are read by one statement.
  private static final long FIRST_PART = 512L * 1024;
  private static final long NEXT_PART = 2L * 1024 * 1024;

  private final ReadBudget budget;
  private final RequestMemory memory;

  BoundedPages(ReadBudget budget, RequestMemory memory) {
    this.budget = budget;
    this.memory = memory;
  }

  /**
   * The most bytes of texts on a page with more than one item here, fewer where a user can't hold
   * so many.
   */
  public long mostBytes() {
    return Math.min(MOST_BYTES, budget.largest());
  }

  /** Reads a part of a list. */
  @FunctionalInterface
  public interface Reader<T, K> {
    /**
     * Reads the next rows by a statement with {@link ListSql#fitting}.
     *
     * @param from where they begin
     * @param most how many there may be
     * @param mostBytes how many bytes there may be
     */
    Part<T, K> read(K from, int most, long mostBytes);
  }

  /**
   * Part of a list.
   *
   * @param next where the list continues behind these rows; null at its end. It is not used where
   *     not even the first row fits
   */
  public record Part<T, K>(Rows<T> rows, @Nullable K next) {}

  /**
   * A page of a list.
   *
   * @param next where the list continues; null at its end
   */
  public record Page<T, K>(List<T> items, @Nullable K next) {}

  /** Collects the rows of a part, as {@link ListSql#fitting} returns them. */
  public static final class Rows<T> {
    private final List<T> items = new ArrayList<>();
    private long bytes;
    private long bytesOfLast;
    private long tooLarge;

    /** Adds a row, unless it is the one that does not fit. */
    public void add(Row row, Function<Row, T> item) {
      add(row.number("bytes"), row.flag("fits"), () -> item.apply(row));
    }

    void add(long size, boolean fits, Supplier<T> item) {
      if (fits) {
        items.add(item.get());
        bytes += size;
        bytesOfLast = size;
      } else {
        tooLarge = size;
      }
    }

    /** Adds the rows that follow these. */
    public void addAll(Rows<T> more) {
      items.addAll(more.items);
      bytes += more.bytes;
      tooLarge = more.tooLarge;
    }

    /** The items that fit. */
    public List<T> items() {
      return items;
    }

    /** The bytes of their texts. */
    public long bytes() {
      return bytes;
    }

    /** Whether a row follows that does not fit. */
    public boolean areCut() {
      return tooLarge > 0;
    }

    /**
     * Leaves out the row with which it is known that there are more than a page has.
     *
     * @return whether at least one row follows these, of which there is at least one
     */
    public boolean endAfter(int most) {
      if (items.size() > most) {
        items.removeLast();
        bytes -= bytesOfLast;
        return true;
      }
      return areCut() && !items.isEmpty();
    }

    /** Ends the page before the row that does not fit. */
    public void endHere() {
      tooLarge = 0;
    }
  }

  /**
   * Reads a page.
   *
   * @param user the name of the user who asks
   * @param from where it begins
   * @param most how many items it has at most
   */
  public <T, K> Page<T, K> read(String user, K from, int most, Reader<T, K> reader) {
    if (Arc.container().requestContext().isActive()) {
      return read(memory.open(user), mostBytes(), from, most, reader);
    }
    // What is read for a run is the run's to hold.
    try (Held held = budget.open(user)) {
      return read(held, mostBytes(), from, most, reader);
    }
  }

  static <T, K> Page<T, K> read(Held held, long mostBytes, K from, int most, Reader<T, K> reader) {
    List<T> items = new ArrayList<>();
    K position = from;
    long bytes = 0;
    long part = Math.min(FIRST_PART, mostBytes);
    held.hold(part);
    while (true) {
      Part<T, K> read = reader.read(position, most - items.size(), part);
      items.addAll(read.rows.items);
      bytes += read.rows.bytes;
      held.keep(bytes);
      long tooLarge = read.rows.tooLarge;
      K next = read.rows.items.isEmpty() && tooLarge > 0 ? position : read.next;
      if (tooLarge == 0 || next == null || items.size() >= most) {
        return new Page<>(items, next);
      }
      part = Math.max(tooLarge, Math.min(NEXT_PART, mostBytes - bytes));
      if (items.isEmpty()) {
        held.hold(part);
      } else if (bytes + tooLarge > mostBytes || !held.tryHold(part)) {
        return new Page<>(items, next);
      }
      position = next;
    }
  }
}
