package dev.errand.identity.token;

/** The SQL of tokens, except for the statement that recognises them. */
final class TokenStatements {
  private static final String COLUMNS =
      """
      token.id, token.name, token.scopes, token.tasks, token.expires_at, token.created_at,
      token.last_used_at,
      CASE WHEN token.profile_ids IS NOT NULL THEN ARRAY(
        SELECT owner.username || '/' || profile.name FROM profile
        JOIN account AS owner ON owner.id = profile.account_id
        WHERE profile.id = ANY (token.profile_ids) ORDER BY 1) END AS profiles
      """;

  // A limited token sees and ends itself and those that it has created.
  private static final String SEEN =
      """
      token.account_id = :account_id
        AND (:by::uuid IS NULL OR token.id = :by OR token.made_by = :by)
      """;

  /** The current names of profiles, locked until the end of the transaction. */
  static final String KEEP_PROFILES =
      """
      SELECT profile.id, owner.username, profile.name
      FROM profile JOIN account AS owner ON owner.id = profile.account_id
      WHERE profile.id = ANY (:ids::uuid[]) ORDER BY profile.id FOR KEY SHARE OF profile
      """;

  /** The same for the profiles of tasks that exist. */
  static final String KEEP_PROFILES_OF_TASKS =
      """
      SELECT profile.id
      FROM profile JOIN account AS owner ON owner.id = profile.account_id
      WHERE (owner.username, profile.name) IN (
        SELECT split_part(task, '/', 1), split_part(task, '/', 2)
        FROM unnest(:tasks::text[]) AS task)
      ORDER BY profile.id FOR KEY SHARE OF profile
      """;

  static final String TASKS = "SELECT tasks FROM token WHERE id = :id";

  static final String REMOVE_OLD =
      "DELETE FROM token WHERE account_id = :account_id AND expires_at < now() - :kept_ms * interval '1 millisecond'";

  static final String GET = "SELECT " + COLUMNS + " FROM token WHERE token.id = :id";

  /** The newest first. */
  static final String LIST =
      "SELECT %s FROM token WHERE %s ORDER BY token.created_at DESC, token.id"
          .formatted(COLUMNS, SEEN);

  /** How many bytes of texts a user's tokens have: the names of tasks. */
  static final String SIZE =
      """
      SELECT coalesce(sum(octet_length(array_to_string(tasks, ','))), 0) AS bytes FROM token
      WHERE account_id = :account_id
      """;

  /** Only where it is seen: of two that revoke one token, one finds none. */
  static final String DELETE = "DELETE FROM token WHERE token.id = :id AND " + SEEN;

  /**
   * Replaces a prefix of the names of tasks with another. The tokens are locked in a fixed order.
   */
  static final String RENAME_TASKS =
      """
      UPDATE token SET tasks = ARRAY(
        SELECT CASE WHEN starts_with(task, :before)
          THEN :now || substr(task, length(:before) + 1) ELSE task END
        FROM unnest(tasks) AS task)
      WHERE id = ANY (ARRAY(
        SELECT renamed.id FROM token AS renamed
        WHERE EXISTS (SELECT FROM unnest(renamed.tasks) AS task WHERE starts_with(task, :before))
        ORDER BY renamed.id FOR NO KEY UPDATE))
      """;

  static final String USED =
      """
      UPDATE token SET last_used_at = :now
      WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :before)
      """;

  private TokenStatements() {}
}
