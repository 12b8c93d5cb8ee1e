package dev.errand.runs.worker.comparison;

import java.io.IOException;

/**
 * A system that works jobs, and how they are added to it. A job's name is the name of its round and
 * a number; a round whose name begins with {@link #WITH_TOOL} has jobs with a tool call.
 */
interface Jobs extends AutoCloseable {
  /** What the names of rounds begin with whose jobs ask the model once. */
  String PLAIN = "p";

  /** What the names of rounds begin with whose jobs ask the model, call a tool, and ask again. */
  String WITH_TOOL = "t";

  /** Adds so many jobs, a number of callers at once, and waits for their ends; the seconds. */
  double round(String name, int jobs) throws Exception;

  /**
   * Adds jobs one after the other, each when the one before has ended.
   *
   * @return when each was added, in nanoseconds of this machine
   */
  long[] alone(String name, int jobs) throws Exception;

  /**
   * Adds jobs at a rate, whatever becomes of those before, and waits for their ends.
   *
   * @param rate how many a second
   * @return when each was due, in nanoseconds of this machine
   */
  long[] paced(String name, int jobs, double rate) throws Exception;

  /** The database that it keeps them in. */
  String database();

  /** The process that it works them in. */
  long pid();

  @Override
  void close() throws IOException;
}
