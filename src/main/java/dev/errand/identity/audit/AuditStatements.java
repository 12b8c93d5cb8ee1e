package dev.errand.identity.audit;

/** The SQL of the audit. */
final class AuditStatements {
  static final String ADD =
      """
      INSERT INTO audit (at, actor, token_id, session_id, client, action, object, changes, address,
        request_id)
      VALUES (:at, :actor, :token_id, :session_id, :client, :action, :object, :changes, :address,
        :request_id)
      """;

  /** Removes old lines, up to a number, and returns how many there were. */
  static final String FORGET =
      "SELECT audit_forget(now() - :kept_ms * interval '1 millisecond', :most) AS removed";

  /**
   * Makes the lists of the transaction use the order of an index. Where few lines are expected, the
   * planner would rather read all and sort them, and there may be many.
   */
  static final String IN_ORDER =
      """
      SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)
      """;

  private static final String LIST =
      """
      SELECT id, at, actor, token_id, session_id, client, action, object, changes, address,
        request_id
      FROM audit WHERE at >= :from AND (at, id) < (:before_at, :before_id)
      """;

  /** How many parts of the path of an object the indexes know. */
  static final int INDEXED_PARTS = 4;

  private static final int SHORT_PAGE = 101;
  private static final int LONG_PAGE = 1001;

  private AuditStatements() {}

  /** The first lines of a page. */
  static String first(String page) {
    return "SELECT * FROM (%s) AS page LIMIT :most".formatted(page);
  }

  /** How many bytes of texts each of them has. */
  static String sizes(String page) {
    return "SELECT octet_length(changes) + octet_length(object) AS bytes FROM (%s) AS page LIMIT :most"
        .formatted(page);
  }

  /**
   * Reads a page, newest first. Each selection has its own statement, so that the planner must use
   * the index for that selection.
   *
   * @param parts of how many parts the path of the object consists; 0 for all objects
   * @param most how many lines are wanted, 1,001 at most; there may be more
   */
  static String list(boolean byActor, boolean byAction, int parts, int most) {
    StringBuilder statement = new StringBuilder(LIST);
    if (byActor) {
      statement.append(" AND actor = :actor");
    }
    if (byAction) {
      statement.append(" AND action = :action");
    }
    if (parts > 0) {
      statement.append(
          " AND (string_to_array(object, '/'))[1:%d] = :first::text[]"
              .formatted(Math.min(parts, INDEXED_PARTS)));
    }
    if (parts > INDEXED_PARTS) {
      statement.append(" AND (object = :object OR starts_with(object, :object || '/'))");
    }
    // A literal: for a parameter, the planner would expect a tenth of the table.
    return statement
        .append(" ORDER BY at DESC, id DESC LIMIT ")
        .append(most <= SHORT_PAGE ? SHORT_PAGE : LONG_PAGE)
        .toString();
  }
}
