package dev.errand.automation.watch;

import dev.errand.base.json.Coded;

/** A condition of a task's watch; its code is the field of {@code settings.watch}. */
public enum WatchCondition implements Coded {
  /** A run has to become ready at least so often. */
  READY_EVERY,
  /** No run may be live for longer after it was due. */
  ENDS_WITHIN,
  /** Not so many runs may fail one after the other. */
  ERRORS_IN_A_ROW
}
