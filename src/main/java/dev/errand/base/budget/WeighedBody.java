package dev.errand.base.budget;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that reserves memory for its parsed tree while it is read. */
final class WeighedBody extends FilterInputStream {
  private static final int STEP = 64 * 1024;

  private final Reservation reservation;
  private final boolean isBinary;
  private final long copies;
  private final JsonWeight weight = new JsonWeight();
  private long read;
  private long reserved;

  /**
   * A body.
   *
   * @param reservation grows as the body is read
   * @param isBinary whether it is not parsed
   * @param copies how many bytes each byte of it takes besides the tree, and that are not reserved
   */
  WeighedBody(InputStream body, Reservation reservation, boolean isBinary, long copies) {
    super(body);
    this.reservation = reservation;
    this.isBinary = isBinary;
    this.copies = copies;
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
    long wanted = copies * read + weight.bytes();
    if (wanted - reserved >= STEP || (came < 0 && wanted > reserved)) {
      grow(wanted - reserved);
      reserved = wanted;
    }
    return came;
  }

  private void grow(long more) {
    try {
      reservation.grow(more);
    } catch (BudgetExhaustedException e) {
      throw BodyBudget.error(e);
    }
  }
}
