package dev.errand.base.limit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A body that reserves memory for itself and for its parsed tree while it is read. */
final class WeighedBody extends FilterInputStream {
  private static final int STEP = 64 * 1024;

  // An estimate, not measured, of the memory for a byte besides its tree: the buffer, which doubles
  // as it grows, the array that is copied from it, and the text that is decoded from that.
  static final long COPIES = 4;

  private final Reservation reservation;
  private boolean isBinary;
  private final JsonWeight weight = new JsonWeight();
  private long read;
  private long reserved;
  private long patience;
  private LongSupplier left;

  /**
   * A body.
   *
   * @param reservation grows as the body is read
   * @param patience how long its reading waits for memory in all
   * @param left how many bytes of the budget it leaves to others; asked when it first takes some
   */
  WeighedBody(
      InputStream body,
      Reservation reservation,
      boolean isBinary,
      Duration patience,
      LongSupplier left) {
    super(body);
    this.reservation = reservation;
    this.isBinary = isBinary;
    this.patience = patience.toNanos();
    this.left = left;
  }

  /** From now on it may take all of the budget. */
  void leaveNothing() {
    left = () -> 0;
  }

  /** From now on it holds no memory for its tree. */
  void leaveTree() {
    isBinary = true;
  }

  /** How many bytes it has reserved. */
  long reserved() {
    return reserved;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int start, int length) throws IOException {
    int came = super.read(to, start, length);
    if (came > 0) {
      read += came;
      if (!isBinary) {
        weight.add(to, start, came);
      }
    }
    long wanted = COPIES * read + weight.bytes();
    if (wanted - reserved >= STEP || (came < 0 && wanted > reserved)) {
      grow(wanted - reserved);
      reserved = wanted;
    }
    return came;
  }

  private void grow(long more) throws IOException {
    try {
      long others = left.getAsLong();
      left = () -> others;
      if (others > 0) {
        reservation.grow(more, others);
      } else if (!reservation.tryGrow(more)) {
        long start = System.nanoTime();
        reservation.grow(more, Duration.ofNanos(patience));
        patience -= System.nanoTime() - start;
      }
    } catch (BudgetExhaustedException e) {
      throw BodyBudget.error(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The reading of the body was interrupted.");
    }
  }
}
