package dev.errand.adapters.console.page;

import dev.errand.base.http.Paging;
import dev.errand.identity.page.PagePaths;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What selects a part of a list: parameters in the address of the page.
 *
 * @param values the values of the parameters, by name; an empty one selects all
 */
public record ListFilter(Map<String, String> values) {
  /** The filter that a request for a page asks for. */
  public static ListFilter of(PageRequest page, String... names) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names) {
      values.put(name, page.query().line(name));
    }
    return new ListFilter(values);
  }

  /** The value of a parameter. */
  public String get(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** The value of a parameter with a time, in UTC. */
  public String time(String name) {
    return Texts.utc(get(name));
  }

  /** Whether it selects all. */
  public boolean isEmpty() {
    return values.values().stream().allMatch(String::isEmpty);
  }

  /**
   * The query of the page with a part of the selected list.
   *
   * @param cursor empty for the first part
   */
  public String query(String cursor) {
    Map<String, String> query = new LinkedHashMap<>(values);
    query.put(Paging.CURSOR, cursor);
    return PagePaths.query(query);
  }
}
