package dev.errand.adapters.console.page;

import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Listed;
import dev.errand.identity.page.PagePaths;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The part of a list that fits a page.
 *
 * @param next the address of the page with the following ones; null for the last one
 */
public record ListPart<T>(List<T> items, @Nullable String next) {
  private static final int MOST = 50;

  /**
   * The part of a short list that a cursor names.
   *
   * @param key the key of an item
   * @param cursor the place where the part begins; null for the first part
   * @param address the address of the page with the part of a cursor
   * @throws dev.errand.base.error.ApiException where the cursor is not valid
   */
  public static <T> ListPart<T> of(
      List<T> all,
      Function<T, String> key,
      @Nullable String cursor,
      UnaryOperator<String> address) {
    String after = Paging.Part.of(null, cursor).after();
    List<T> rest =
        after.isEmpty()
            ? all
            : all.stream().dropWhile(item -> !key.apply(item).equals(after)).skip(1).toList();
    return first(rest, MOST, key, address);
  }

  /**
   * The first items of those that were read.
   *
   * @param read at least one item more than the page shows, if there are more
   * @param most how many it shows
   * @param address the address of the page with the part of a cursor
   */
  public static <T> ListPart<T> first(
      List<T> read, int most, Function<T, String> key, UnaryOperator<String> address) {
    if (read.size() <= most) {
      return new ListPart<>(read, null);
    }
    List<T> items = read.subList(0, most);
    return new ListPart<>(items, address.apply(Paging.cursorAfter(key.apply(items.getLast()))));
  }

  /**
   * The same of a part of a list that says whether there are more.
   *
   * @param address the address of the page with the part of a cursor
   */
  public static <T> ListPart<T> of(
      Listed<T> listed, Function<T, String> key, UnaryOperator<String> address) {
    List<T> items = listed.items();
    return new ListPart<>(
        items,
        listed.hasMore() ? address.apply(Paging.cursorAfter(key.apply(items.getLast()))) : null);
  }

  /** The addresses of the parts of a list whose own address has no query. */
  public static UnaryOperator<String> at(String address) {
    return cursor -> address + PagePaths.query(Map.of(Paging.CURSOR, cursor));
  }
}
