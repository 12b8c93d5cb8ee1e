package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.show.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of the service shows.
 *
 * @param version its version
 * @param facts what is to be told of queue and database
 * @param workers the processes that work the queue
 * @param newestKey the key that seals
 * @param previousKeys those that only open
 * @param reseal how far sealing with the newest key has come
 */
public record ServicePageView(
    String version,
    List<Fact> facts,
    List<Line> workers,
    String newestKey,
    List<String> previousKeys,
    Reseal reseal) {

  /**
   * Something to be told.
   *
   * @param name what it is
   * @param value how much, or which
   */
  public record Fact(String name, String value) {}

  /**
   * A process that works the queue.
   *
   * @param name its name
   * @param version its version
   * @param busy how many runs it works
   * @param capacity how many it works at most
   * @param started since when
   * @param seen when it last said so
   */
  public record Line(
      String name, String version, int busy, int capacity, PageTime started, PageTime seen) {}

  /**
   * Sealing with the newest key.
   *
   * @param total how many values other keys had sealed
   * @param done how many of them are sealed anew
   * @param failed how many no key opens
   * @param started when it began; null for never
   * @param finished when it ended; null where it has not
   * @param goesOn whether it goes on now
   * @param lacking how many processes were not told of the newest key
   * @param mayDrop whether former keys may be dropped
   */
  public record Reseal(
      long total,
      long done,
      long failed,
      @Nullable PageTime started,
      @Nullable PageTime finished,
      boolean goesOn,
      long lacking,
      boolean mayDrop) {}
}
