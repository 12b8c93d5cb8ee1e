package dev.errand.adapters.console.page;

import dev.errand.base.json.Coded;

/**
 * How a status looks, a sign and a colour: its code is the CSS class. The urgent ones come first.
 */
public enum Mark implements Coded {
  /** It failed, or does not work. */
  ERROR,
  /** It is done, with warnings that somebody should read. */
  WARNED,
  RUNNING,
  /** It waits. */
  PENDING,
  /** It did not happen, or is off. */
  SKIPPED,
  CANCELLED,
  /** All is well. */
  READY;

  public boolean isReady() {
    return this == READY;
  }

  /** The CSS class, as templates write it. */
  @Override
  public String toString() {
    return code();
  }
}
