package dev.errand.runs.history;

import dev.errand.base.database.Row;
import dev.errand.base.limit.ListSql;
import dev.errand.runs.queue.Run;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a list reads of runs: the SQL that reads it within a number of bytes.
 *
 * @see ListSql
 */
enum ListedRuns {
  /** All of each run. */
  WHOLE("parameters", "output", "NULL::integer", ListSql.size("run.parameters", "run.output")),

  /** The beginning of an output that is long. */
  CUT(
      "parameters",
      ListSql.cut("output"),
      ListSql.wholeSize("output"),
      ListSql.size("run.parameters") + " + " + ListSql.sizeOfCut("run.output")),

  /** The beginning of an output that is very long. */
  CUT_LATE(
      "parameters",
      ListSql.cut("output", RunReader.VERY_LONG),
      ListSql.wholeSize("output", RunReader.VERY_LONG),
      ListSql.size("run.parameters")
          + " + "
          + ListSql.sizeOfCut("run.output", RunReader.VERY_LONG)),

  /** The parameters, and no output. */
  PARAMETERS("parameters", "NULL::text", "octet_length(output)", ListSql.size("run.parameters")),

  /** The beginning of an output, and no parameters: what a page shows. */
  BRIEF(
      "'{}'::text",
      "left(output, 600)",
      "CASE WHEN octet_length(output) > 600 THEN octet_length(output) END",
      "coalesce(least(octet_length(run.output), 2400), 0)");

  private static final Set<String> LARGE =
      Set.of("parameters", "output", "output_bytes", "error_message", "trigger");

  private static final List<String> SMALL =
      Row.columns(Run.class).stream().filter(column -> !LARGE.contains(column)).toList();

  /**
   * What a statement reads of a run without its parameters and its output, of which it has the size
   * alone.
   */
  static final String BARE =
      small()
          + ", run.error_message, run.trigger, '{}'::text AS parameters, NULL::text AS output,"
          + " octet_length(run.output) AS output_bytes";

  private final String parameters;
  private final String output;
  private final String wholeSize;
  private final String size;

  ListedRuns(String parameters, String output, String wholeSize, String size) {
    this.parameters = parameters;
    this.output = output;
    this.wholeSize = wholeSize;
    this.size = size;
  }

  /** Those with whole outputs, or those with the beginnings of long ones. */
  static ListedRuns of(boolean areWhole) {
    return areWhole ? WHOLE : CUT;
  }

  /** The columns of the table that {@link #fitting} needs. */
  String columns() {
    return small()
        + ", run.parameters, run.output, run.error_message, run.trigger, "
        + size
        + " + "
        + ListSql.size("run.error_message", "run.trigger")
        + " AS size";
  }

  private static String small() {
    return SMALL.stream().map("run."::concat).collect(Collectors.joining(", "));
  }

  /**
   * The statement that reads runs, newest first, as far as they fit into {@code :most_bytes}.
   *
   * @param rows selects {@link #columns}
   * @param others the other columns that it selects, each with a comma before it
   */
  String fitting(String rows, String others) {
    return """
    SELECT %1$s%2$s, CASE WHEN fits THEN %3$s END AS parameters, CASE WHEN fits THEN %4$s END AS output,
      %5$s AS output_bytes, CASE WHEN fits THEN error_message END AS error_message,
      CASE WHEN fits THEN trigger END AS trigger, bytes, fits
    FROM %6$s ORDER BY -id"""
        .formatted(
            String.join(", ", SMALL),
            others,
            parameters,
            output,
            wholeSize,
            ListSql.fitting(rows, "-id"));
  }
}
