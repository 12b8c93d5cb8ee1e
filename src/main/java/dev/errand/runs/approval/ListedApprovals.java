package dev.errand.runs.approval;

import dev.errand.base.limit.ListSql;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What is read of questions: the SQL that reads it within a number of bytes.
 *
 * @see ListSql
 */
enum ListedApprovals {
  /** All of each question. */
  WHOLE(
      "arguments",
      "NULL::integer",
      "given",
      "NULL::integer",
      ListSql.size("approval.arguments", "approval.given")),

  /** The beginnings of arguments and results that are long. */
  CUT(
      ListSql.cut("arguments"),
      ListSql.wholeSize("arguments"),
      ListSql.cut("given"),
      ListSql.wholeSize("given"),
      ListSql.sizeOfCut("approval.arguments") + " + " + ListSql.sizeOfCut("approval.given")),

  /** The beginning of the arguments: what a page shows in a line. */
  BRIEF(
      "left(arguments, 600)",
      "CASE WHEN octet_length(arguments) > 600 THEN octet_length(arguments) END",
      "NULL::text",
      "octet_length(given)",
      "least(octet_length(approval.arguments), 2400)");

  static final String IS_LIVE = "run.status IN ('pending', 'running') AS is_live";

  private static final String[] SMALL = {
    "id",
    "number",
    "run_id",
    "installation_id",
    "own_tool",
    "step",
    "tool",
    "definitions",
    "may_have_run",
    "status",
    "requested_at",
    "expires_at",
    "expiry",
    "decided_at",
    "decided_by",
    "decided_with",
    "taken_at"
  };

  private static final String[] LARGER = {"server", "rule", "call_id", "reason"};

  private final String arguments;
  private final String argumentsSize;
  private final String given;
  private final String givenSize;
  private final String size;

  ListedApprovals(
      String arguments, String argumentsSize, String given, String givenSize, String size) {
    this.arguments = arguments;
    this.argumentsSize = argumentsSize;
    this.given = given;
    this.givenSize = givenSize;
    this.size = size;
  }

  /**
   * The statement that reads questions as far as they fit into {@code :most_bytes}.
   *
   * @param where which of them, and how many
   * @param order their order, by the columns {@code number} and {@code expires_at}
   */
  String fitting(String where, String order) {
    String rows =
        """
        SELECT approval.*, run.name AS run, run.task_id, %s, task.name AS task,
          %s + %s AS size
        FROM approval JOIN run ON run.id = approval.run_id JOIN task ON task.id = run.task_id
        """
                .formatted(
                    IS_LIVE,
                    size,
                    ListSql.size(
                        Arrays.stream(LARGER).map("approval."::concat).toArray(String[]::new)))
            + where;
    String larger =
        Arrays.stream(LARGER)
            .map("CASE WHEN fits THEN %1$s END AS %1$s"::formatted)
            .collect(Collectors.joining(", "));
    return """
    SELECT %s, run, task_id, is_live, task, %s, CASE WHEN fits THEN %s END AS arguments, %s AS arguments_bytes,
      CASE WHEN fits THEN %s END AS given, %s AS given_bytes, bytes, fits
    FROM %s ORDER BY %s"""
        .formatted(
            String.join(", ", SMALL),
            larger,
            arguments,
            argumentsSize,
            given,
            givenSize,
            ListSql.fitting(rows, order),
            order);
  }
}
