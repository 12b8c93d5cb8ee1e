package dev.errand.identity.user;

/** The SQL of {@link UserService}. */
final class UserStatements {
  private static final String COLUMNS =
      "SELECT id, username, role, kind, email, email_verified, created_at, disabled_at"
          + " FROM account ";

  static final String LIST = COLUMNS + "ORDER BY username";

  static final String BY_ID = COLUMNS + "WHERE id = :id";

  static final String BY_NAME_TO_CHANGE = COLUMNS + "WHERE username = :username FOR NO KEY UPDATE";

  /** The admins who can sign in. Changes of users wait for each other here. */
  static final String ADMINS =
      """
      SELECT id FROM account WHERE role = 'admin' AND kind = 'person' AND disabled_at IS NULL
        AND (password_hash IS NOT NULL
          OR EXISTS (SELECT FROM oidc_identity WHERE account_id = account.id)
          OR EXISTS (SELECT FROM session WHERE account_id = account.id AND kind = 'bootstrap'))
      ORDER BY id FOR NO KEY UPDATE
      """;

  static final String ADD =
      """
      INSERT INTO account (id, username, role, kind, email, disabled_at, created_at)
      VALUES (:id, :username, :role, :kind, :email, :disabled_at, :now)
      ON CONFLICT DO NOTHING
      """;

  /** The user whose name differs from another one in upper and lower case alone. */
  static final String NAMED_ALIKE =
      """
      SELECT username FROM account
      WHERE lower(username) = lower(:username) AND username <> :username AND NOT named_alike
      """;

  static final String CHANGE =
      """
      UPDATE account SET role = :role, email = :email, disabled_at = :disabled_at,
        email_verified = email_verified AND email IS NOT DISTINCT FROM :email
      WHERE id = :id
      """;

  static final String CHANGE_ROLE = "UPDATE account SET role = :role WHERE id = :id";

  /** The operator's own session only ends with its setting; it is refused meanwhile. */
  static final String END_SESSIONS =
      "DELETE FROM session WHERE account_id = :id AND kind <> 'bootstrap'";

  static final String END_TOKENS = "DELETE FROM token WHERE account_id = :id";

  static final String END_GRANTS = "DELETE FROM oauth_grant WHERE account_id = :id";

  static final String END_INVITATIONS = "DELETE FROM invitation WHERE account_id = :id";

  static final String DELETE = "DELETE FROM account WHERE id = :id";

  private UserStatements() {}
}
