package dev.errand.base.limit;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Parts of the statements that read lists: they cut long texts, and return no more bytes than the
 * request has memory for. {@code octet_length} does not read the text that it is asked about.
 */
public final class ListSql {
  /** A text of a list with more bytes than this is cut, unless the whole is asked for. */
  public static final int LONGEST = 64 * 1024;

  // A character has at most that many bytes, in any script.
  private static final int PER_CHARACTER = 4;

  // What a row takes beside its texts.
  private static final int ROW = 1024;

  private ListSql() {}

  /** A text, or the beginning of a long one. */
  public static String cut(String column) {
    return cut(column, LONGEST);
  }

  /** A text, or the beginning of one that has more bytes than a number of them. */
  public static String cut(String column, int most) {
    return "CASE WHEN octet_length(%1$s) > %2$d THEN left(%1$s, %3$d) ELSE %1$s END"
        .formatted(column, most, most / PER_CHARACTER);
  }

  /** The size of {@link #cut(String)} in bytes, at most. */
  public static String sizeOfCut(String column) {
    return sizeOfCut(column, LONGEST);
  }

  /** The size of {@link #cut(String, int)} in bytes, at most. */
  public static String sizeOfCut(String column, int most) {
    return "coalesce(least(octet_length(%s), %d), 0)".formatted(column, most);
  }

  /** The size of the whole text in bytes where it is cut; NULL where it is not. */
  public static String wholeSize(String column) {
    return wholeSize(column, LONGEST);
  }

  /** The same where it is cut at that many bytes. */
  public static String wholeSize(String column, int most) {
    return "CASE WHEN octet_length(%1$s) > %2$d THEN octet_length(%1$s) END"
        .formatted(column, most);
  }

  /** The size of texts in bytes. */
  public static String size(String... columns) {
    return Stream.of(columns)
        .map("coalesce(octet_length(%s), 0)"::formatted)
        .collect(Collectors.joining(" + "));
  }

  /**
   * Rows with what {@link BoundedPages.Rows} reads: those that fit into {@code :most_bytes}, and
   * the first one that does not, of which a statement must not read large texts: it says {@code
   * CASE WHEN fits THEN text END}.
   *
   * @param rows a statement with the column {@code size}, that of the texts of each in bytes
   * @param order the order of the list, by columns of that statement
   */
  public static String fitting(String rows, String order) {
    return """
    (SELECT *, through <= :most_bytes AS fits FROM (
      SELECT *, sum(bytes) OVER (ORDER BY %2$s ROWS UNBOUNDED PRECEDING) AS through
      FROM (SELECT *, size + %3$d AS bytes FROM (%1$s) AS sized) AS sized) AS summed
    WHERE through - bytes <= :most_bytes) AS fitting"""
        .formatted(rows, order, ROW);
  }
}
