package dev.errand.identity.user;

/**
 * The SQL of users: what locks many of them, adds one where the name may be taken at the same time,
 * or changes one on a condition.
 */
final class UserStatements {
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

  /** Notes an address that a provider has confirmed, where that is new. */
  static final String VERIFY_EMAIL =
      """
      UPDATE account SET email = :email, email_verified = true
      WHERE id = :id AND (email IS DISTINCT FROM :email OR NOT email_verified)
      """;

  /** Makes a user an enabled admin, where it is none. */
  static final String LET_IN =
      """
      UPDATE account SET role = 'admin', disabled_at = NULL
      WHERE id = :id AND (role <> 'admin' OR disabled_at IS NOT NULL)
      """;

  /** The operator's own session only ends with its setting; it is refused meanwhile. */
  static final String END_SESSIONS =
      "DELETE FROM session WHERE account_id = :id AND kind <> 'bootstrap'";

  static final String END_INVITATIONS = "DELETE FROM invitation WHERE account_id = :id";

  static final String SET_PASSWORD =
      "UPDATE account SET password_hash = :hash WHERE id = :account_id AND disabled_at IS NULL";

  /** Whether nobody can sign in by a password or a provider, and there is nobody but the admin. */
  static final String HAS_NOBODY =
      """
      SELECT NOT EXISTS (SELECT FROM account WHERE username <> 'admin' OR password_hash IS NOT NULL
        OR EXISTS (SELECT FROM oidc_identity WHERE account_id = account.id)) AS has_nobody
      """;

  static final String OFFER_SET_UP =
      """
      INSERT INTO set_up_link (code_hash, expires_at) VALUES (:code_hash, :expires_at)
      ON CONFLICT (id) DO UPDATE
      SET code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at
      """;

  static final String WITHDRAW_SET_UP = "DELETE FROM set_up_link";

  static final String SET_UP_LINK = "SELECT code_hash, expires_at FROM set_up_link";

  static final String TAKE_SET_UP =
      "DELETE FROM set_up_link WHERE code_hash = :code_hash AND expires_at > :now";

  private UserStatements() {}
}
