package dev.errand.identity.oidc;

/** The SQL of {@link BackChannelLogout}. */
final class LogoutStatements {
  /** Adds a token until it expires; a second time, nothing is added. */
  static final String ADD_LOGOUT =
      """
      INSERT INTO oidc_logout (token_id, expires_at) VALUES (:token_id, :expires_at)
      ON CONFLICT (token_id) DO NOTHING
      """;

  static final String DELETE_OLD_LOGOUTS = "DELETE FROM oidc_logout WHERE expires_at < :now";

  private static final String END =
      "DELETE FROM session USING account WHERE account.id = account_id AND oidc_issuer = :issuer";

  private static final String ENDED =
      " RETURNING session.id AS session_id, account.id, account.username, account.role";

  private static final String OF_PERSON =
      """
       account_id =
        (SELECT account_id FROM oidc_identity WHERE issuer = :issuer AND subject = :subject)
      """;

  /** A session without the provider's id may be the one that is meant. */
  static final String END_SESSION =
      END + " AND (oidc_sid = :sid OR (oidc_sid IS NULL AND " + OF_PERSON + "))" + ENDED;

  static final String END_SESSIONS_OF_PERSON = END + " AND " + OF_PERSON + ENDED;

  private LogoutStatements() {}
}
