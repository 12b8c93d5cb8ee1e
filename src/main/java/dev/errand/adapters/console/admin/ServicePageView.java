package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of the service.
 *
 * @param facts facts about queue and database
 * @param workers the processes that work through the queue
 * @param previousKeys those that only open
 */
public record ServicePageView(
    String version,
    List<Fact> facts,
    List<WorkerLine> workers,
    String newestKey,
    List<String> previousKeys,
    Reseal reseal) {

  /**
   * A fact.
   *
   * @param value how much, or which
   */
  public record Fact(String name, String value) {}

  /**
   * A process that works through the queue.
   *
   * @param busy how many runs it executes
   * @param capacity how many it executes at most
   * @param seen when it last said so
   */
  public record WorkerLine(
      String name, String version, int busy, int capacity, PageTime started, PageTime seen) {}

  /**
   * Sealing with the newest key.
   *
   * @param total how many values other keys had sealed
   * @param done how many of them are resealed
   * @param failed how many no key opens
   * @param started when it began; null for never
   * @param finished when it ended; null where it has not
   * @param goesOn whether it is under way
   * @param lacking how many processes do not have the newest key
   * @param mayDrop whether former keys may be dropped
   * @param bound whether keys open for their servers only
   */
  public record Reseal(
      long total,
      long done,
      long failed,
      @Nullable PageTime started,
      @Nullable PageTime finished,
      boolean goesOn,
      long lacking,
      boolean mayDrop,
      boolean bound) {}
}
