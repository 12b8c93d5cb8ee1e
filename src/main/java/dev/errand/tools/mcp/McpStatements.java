package dev.errand.tools.mcp;

/** The statements about remote servers. */
final class McpStatements {
  private static final String COLUMNS =
      """
      mcp_server.installation_id, url, auth, headers_sealed, header_names, revision, on_change,
      left_out, change_digest, changed_at, failure, refused, checked_at
      """;

  static final String FIND =
      "SELECT " + COLUMNS + " FROM mcp_server WHERE installation_id = ANY (:ids)";

  static final String ADD =
      """
      INSERT INTO mcp_server (installation_id, url, auth, headers_sealed, header_names, revision,
        on_change, left_out, checked_at, next_check_at)
      VALUES (:id, :url, :auth, :headers_sealed, :header_names, :revision, :on_change, :left_out,
        :now, :next)
      """;

  static final String CHANGE =
      """
      UPDATE mcp_server SET url = :url, auth = :auth, headers_sealed = :headers_sealed,
        header_names = :header_names, revision = :revision, left_out = :left_out,
        change_digest = NULL, changed_at = NULL, failure = NULL, refused = false,
        checked_at = :now, next_check_at = :next
      WHERE installation_id = :id
      """;

  static final String SET_ON_CHANGE =
      "UPDATE mcp_server SET on_change = :on_change WHERE installation_id = :id";

  static final String NOTE_FAILURE =
      """
      UPDATE mcp_server SET failure = :failure, refused = :refused, checked_at = :now,
        next_check_at = :next
      WHERE installation_id = :id
      """;

  static final String NOTE_LIST =
      """
      UPDATE mcp_server SET revision = :revision, left_out = :left_out, failure = NULL,
        refused = false, checked_at = :now, next_check_at = :next, change_digest = :change_digest,
        changed_at = CASE WHEN :change_digest IS NULL THEN NULL
          WHEN change_digest = :change_digest THEN changed_at ELSE :now END
      WHERE installation_id = :id
      """;

  static final String NOTE_ACCEPTED =
      """
      UPDATE mcp_server SET change_digest = NULL, changed_at = NULL WHERE installation_id = :id
      """;

  static final String NOTE_REVISION =
      """
      UPDATE mcp_server SET revision = :revision
      WHERE installation_id = :id AND revision <> :revision
      """;

  static final String CHECK_SOON =
      """
      UPDATE mcp_server SET next_check_at = :now
      WHERE installation_id = :id AND next_check_at > :now AND checked_at < :before
      """;

  // A server that one process takes is not due for others until its next check.
  static final String TAKE_DUE =
      """
      UPDATE mcp_server SET next_check_at = :next WHERE installation_id IN (
        SELECT installation_id FROM mcp_server WHERE next_check_at <= :now
        ORDER BY next_check_at LIMIT :most FOR UPDATE SKIP LOCKED)
      RETURNING installation_id
      """;

  private McpStatements() {}
}
