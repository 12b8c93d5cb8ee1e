package dev.errand.identity.profile;

/** The SQL of {@link MemberService}. */
final class MemberStatements {
  /** The owner, and then those with whom the profile is shared, by name. */
  static final String LIST =
      """
      SELECT account.username, 'owner' AS role, profile.created_at, 0 AS rank
      FROM profile JOIN account ON account.id = profile.account_id WHERE profile.id = :profile_id
      UNION ALL
      SELECT account.username, member.role, member.created_at, 1
      FROM profile_member AS member JOIN account ON account.id = member.account_id
      WHERE member.profile_id = :profile_id
      ORDER BY rank, username
      """;

  static final String GET_TO_CHANGE =
      """
      SELECT account.username, member.role, member.created_at
      FROM profile_member AS member JOIN account ON account.id = member.account_id
      WHERE member.profile_id = :profile_id AND account.username = :username
      FOR UPDATE OF member
      """;

  /** Adds a member by hand, so that groups of an OpenID provider no longer change it. */
  static final String PUT =
      """
      INSERT INTO profile_member (profile_id, account_id, role)
      VALUES (:profile_id, :account_id, :role)
      ON CONFLICT (profile_id, account_id) DO UPDATE SET role = excluded.role, by_group = false
      RETURNING role, created_at, (SELECT username FROM account WHERE id = :account_id) AS username,
        xmax = 0 AS created
      """;

  static final String DELETE =
      """
      DELETE FROM profile_member USING account
      WHERE account.id = profile_member.account_id AND profile_member.profile_id = :profile_id
        AND account.username = :username
      """;

  private MemberStatements() {}
}
