package dev.errand.identity.oidc;

/** The SQL of users who sign in by OIDC. */
final class OidcUserStatements {
  /** Makes two sign-ins of one person create one user. */
  static final String IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))";

  static final String USER =
      """
      SELECT account.id, account.username, account.role, account.disabled_at
      FROM oidc_identity JOIN account ON account.id = account_id
      WHERE issuer = :issuer AND subject = :subject
      """;

  static final String USER_BY_NAME =
      "SELECT id, username, role, disabled_at FROM account WHERE username = :username";

  static final String LINK =
      """
      INSERT INTO oidc_identity (issuer, subject, account_id, created_at)
      VALUES (:issuer, :subject, :account_id, :now)
      """;

  private OidcUserStatements() {}
}
