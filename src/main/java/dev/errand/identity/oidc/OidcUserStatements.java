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

  static final String EMAIL =
      """
      UPDATE account SET email = :email, email_verified = true
      WHERE id = :id AND (email IS DISTINCT FROM :email OR NOT email_verified)
      """;

  /** The profiles that groups have shared so far. */
  static final String SHARED =
      """
      SELECT member.profile_id, owner.username, profile.name, member.role
      FROM profile_member AS member JOIN profile ON profile.id = member.profile_id
      JOIN account AS owner ON owner.id = profile.account_id
      WHERE member.account_id = :account_id AND member.by_group
      FOR UPDATE OF member
      """;

  /** What an owner has decided stays. */
  static final String SHARE =
      """
      INSERT INTO profile_member (profile_id, account_id, role, by_group)
      SELECT profile.id, :account_id, :role, true
      FROM account AS owner JOIN profile ON profile.account_id = owner.id
      WHERE owner.username = :owner AND profile.name = :profile AND owner.id <> :account_id
      ON CONFLICT (profile_id, account_id) DO UPDATE SET role = excluded.role
      WHERE profile_member.by_group AND profile_member.role <> excluded.role
      """;

  static final String SHARE_NO_MORE =
      """
      DELETE FROM profile_member
      WHERE account_id = :account_id AND profile_id = :profile_id AND by_group
      """;

  private OidcUserStatements() {}
}
