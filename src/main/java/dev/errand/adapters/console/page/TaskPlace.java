package dev.errand.adapters.console.page;

import dev.errand.base.http.Paging;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list of a profile that is ordered by task and, within a task, by another key. A
 * page has fifty of them.
 *
 * @param task the name of the task; empty before the first one
 * @param key the key of the item within the task; empty before the first one
 */
public record TaskPlace(String task, String key) {
  /** How many to read: with one more than a page has, it is known that there are more. */
  public static final int READ = 51;

  // No name of a task contains this character.
  private static final String APART = "/";

  /**
   * The position that a cursor names.
   *
   * @param cursor the cursor; null for the beginning
   * @throws dev.errand.base.error.ApiException where the cursor is not valid
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
   * @param read up to {@link #READ} items
   * @param place the position of an item
   * @param address the address of the list
   */
  public static <T> ListPart<T> page(List<T> read, Function<T, TaskPlace> place, String address) {
    return ListPart.first(
        read,
        READ - 1,
        item -> {
          TaskPlace at = place.apply(item);
          return at.task + APART + at.key;
        },
        ListPart.at(address));
  }
}
