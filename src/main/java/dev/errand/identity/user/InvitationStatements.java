package dev.errand.identity.user;

/** The SQL of {@link InvitationService}. */
final class InvitationStatements {
  static final String WITHDRAW = "DELETE FROM invitation WHERE account_id = :account_id";

  static final String ADD =
      """
      INSERT INTO invitation (code_hash, account_id, created_at, expires_at)
      VALUES (:code_hash, :account_id, :now, :expires_at)
      """;

  static final String GOOD =
      """
      SELECT account.id FROM invitation JOIN account ON account.id = account_id
      WHERE code_hash = :code_hash AND expires_at > :now AND disabled_at IS NULL
        AND kind = 'person'
      """;

  /** The request that deletes the row may use the link; one that waited for it finds none. */
  static final String TAKE =
      "DELETE FROM invitation WHERE code_hash = :code_hash AND expires_at > :now";

  static final String SET_PASSWORD =
      "UPDATE account SET password_hash = :hash WHERE id = :account_id AND disabled_at IS NULL";

  private InvitationStatements() {}
}
