package dev.errand.base.limit;

import java.time.Duration;

/**
 * The memory for what a peer answers in one exchange, taken from the process's {@link ByteBudget}
 * before its JSON is parsed, and held until what was read is used. For one thread.
 */
public final class AnswerMemory implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  // Bytes of memory for one byte read: the buffer, its copy when it grows, and the text.
  private static final int PER_BYTE = 4;
  private static final long SMALL = 1024 * 1024;

  /** Who answers, and so how much of the budget its answers leave to others. */
  public enum Peer {
    /** Its answer is paid for: small ones leave nothing, and large ones delay only each other. */
    MODEL(4, 0),
    /**
     * It may take its time with an answer, so that no number of them takes all of the budget: large
     * ones leave a part to small ones, and those leave one to the bodies of requests.
     */
    REMOTE_SERVER(2, 4),
    /** Its answer is there at once, and given back soon. */
    SERVLET(0, 0);

    // One of so many parts of the budget is left; 0 for nothing.
    private final int leftByLarge;
    private final int leftBySmall;

    Peer(int leftByLarge, int leftBySmall) {
      this.leftByLarge = leftByLarge;
      this.leftBySmall = leftBySmall;
    }

    private long leaves(long capacity, long bytes) {
      int part = bytes > SMALL ? leftByLarge : leftBySmall;
      return part == 0 ? 0 : capacity / part;
    }
  }

  private final ByteBudget budget;
  private final Peer peer;
  private final Reservation reservation;

  /** Creates a reservation of nothing. */
  public AnswerMemory(ByteBudget budget, Peer peer) {
    this.budget = budget;
    this.peer = peer;
    this.reservation = budget.reserve(0);
  }

  /** How many bytes are held. */
  public long bytes() {
    return reservation.bytes();
  }

  /**
   * Holds memory for an answer as far as it was read, and waits for it for a while. Reading the
   * answer pauses meanwhile.
   *
   * @param before what was held before this answer, and stays held
   * @param read the bytes of the text so far
   * @param weight the bytes that its tree takes, see {@link JsonWeight}
   * @param left the longest wait
   * @throws BudgetExhaustedException when there is too little
   */
  public void hold(long before, long read, long weight, Duration left) throws InterruptedException {
    long wanted = before + read * PER_BYTE + weight;
    long more = wanted - reservation.bytes();
    if (more <= 0) {
      reservation.shrink(-more);
      return;
    }
    long leaves = peer.leaves(budget.capacity(), wanted);
    // A small answer does not wait behind others that need more.
    boolean mayPass = leaves == 0 && wanted <= SMALL;
    if (!mayPass || !reservation.tryGrow(more)) {
      reservation.grow(more, leaves, left.compareTo(PATIENCE) < 0 ? left : PATIENCE);
    }
  }

  /** Releases everything, for another answer in place of those that were read. */
  public void release() {
    reservation.shrink(Long.MAX_VALUE);
  }

  /** Passes what is held on to work that goes on with the answer, which closes it. */
  public Reservation handOn() {
    return reservation.handOn();
  }

  @Override
  public void close() {
    reservation.close();
  }
}
