package dev.errand.adapters.console.show;

import dev.errand.base.http.Paging;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list of a profile's things that is ordered by their tasks and, within a task, by a
 * key of their own. A page has fifty of them.
 *
 * @param task the name of the task; empty before the first one
 * @param key the key of the thing within it; empty before the first one
 */
public record TaskPlace(String task, String key) {
  /** How many to read: with one more than a page has, it is known that there are more. */
  public static final int READ = 51;

  // No name of a task has one.
  private static final String APART = "/";

  /**
   * The place that a cursor names.
   *
   * @param cursor the cursor; null for the beginning
   * @throws dev.errand.base.error.ApiException where it is no cursor
   */
  public static TaskPlace of(@Nullable String cursor) {
    String after = Paging.Part.of(null, cursor).after();
    int apart = after.indexOf(APART);
    return apart < 0
        ? new TaskPlace(after, "")
        : new TaskPlace(after.substring(0, apart), after.substring(apart + 1));
  }

  /**
   * The page of what was read.
   *
   * @param read up to {@link #READ} things
   * @param place where a thing is
   * @param address the address of the list
   */
  public static <T> ListPart<T> page(List<T> read, Function<T, TaskPlace> place, String address) {
    if (read.size() < READ) {
      return new ListPart<>(read, null);
    }
    List<T> items = read.subList(0, READ - 1);
    TaskPlace last = place.apply(items.getLast());
    String cursor = Paging.cursorAfter(last.task + APART + last.key);
    return new ListPart<>(items, address + PagePaths.query(Map.of(Paging.CURSOR, cursor)));
  }
}
