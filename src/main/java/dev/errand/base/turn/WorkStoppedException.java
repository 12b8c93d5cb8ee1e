package dev.errand.base.turn;

/** Ends work of a {@link FairPool} that nobody waits for any more, or that has taken too long. */
public final class WorkStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkStoppedException() {
    super("The work was stopped.", null, false, false);
  }
}
