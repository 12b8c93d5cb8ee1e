package dev.errand.base.database;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the disk of the database has been full since the last time that somebody found room on
 * it. A small write may succeed on a full disk, so a probe that only writes a little can't tell.
 * There is one database for a process.
 */
public final class DiskSpace {
  // PostgreSQL, appendix A: disk_full.
  private static final String DISK_FULL = "53100";

  private static final AtomicBoolean LACKING = new AtomicBoolean();

  private DiskSpace() {}

  /** Whether a statement failed for lack of space, and none has found room since. */
  public static boolean isLacking() {
    return LACKING.get();
  }

  /** Notes that there is room again. */
  public static void found() {
    LACKING.set(false);
  }

  static boolean isLackBehind(SQLException problem) {
    return DISK_FULL.equals(problem.getSQLState());
  }

  static void note(SQLException problem) {
    if (isLackBehind(problem)) {
      LACKING.set(true);
    }
  }
}
