package dev.errand.base.database;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * SQL with named parameters, {@code :name}, translated for JDBC. Casts ({@code ::text}) and quoted
 * text are left unchanged; comments are not supported.
 *
 * @param text the text, with {@code ?} for each parameter
 * @param names the name of each, in order; one that is used twice is in it twice
 */
public record NamedSql(String text, List<String> names) {
  private static final int MOST_KEPT = 1000;
  private static final ConcurrentMap<String, NamedSql> PARSED = new ConcurrentHashMap<>();

  /** Parses a text, or returns it from the cache. */
  public static NamedSql of(String sql) {
    NamedSql known = PARSED.get(sql);
    if (known != null) {
      return known;
    }
    NamedSql parsed = parse(sql);
    if (PARSED.size() < MOST_KEPT) {
      PARSED.put(sql, parsed);
    }
    return parsed;
  }

  private static NamedSql parse(String sql) {
    StringBuilder text = new StringBuilder();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < sql.length(); ) {
      char c = sql.charAt(i);
      int end = i + 1;
      if (c == '?') {
        throw new IllegalArgumentException("A parameter has no name in: " + sql);
      } else if (c == '\'' || c == '"') {
        end = sql.indexOf(c, end) + 1;
        if (end == 0) {
          throw new IllegalArgumentException("A quote is not closed in: " + sql);
        }
      } else if (sql.startsWith("::", i)) {
        end++;
      } else if (c == ':' && end < sql.length() && Character.isLetter(sql.charAt(end))) {
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
          end++;
        }
        // Equal names are the same object: a value finds its places without comparing characters.
        names.add(sql.substring(i + 1, end).intern());
        text.append('?');
        i = end;
        continue;
      }
      text.append(sql, i, end);
      i = end;
    }
    return new NamedSql(text.toString(), List.copyOf(names));
  }
}
