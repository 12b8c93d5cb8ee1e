package dev.errand.identity.auth;

/** The SQL of {@link AccessCheck}. */
final class AccessStatements {
  /**
   * For each requested credential and profile: the credential's user, and the user's role in the
   * profile. A credential that has ended, or whose user may not sign in, has no row; expired tokens
   * have one, so that the error can say so. An access token is found by the id of its grant: the
   * end of the grant ends the request, the end of the access token alone does not. One of another
   * authorization server is found by its user, since nothing of it is stored. Each row is looked up
   * by a unique index: the limits keep the planner from joining whole tables that statistics report
   * as small.
   */
  static final String NOW =
      """
      SELECT asked.number, account.id, account.username, account.role, session.id AS session_id,
        coalesce(session.id, token.id) AS credential_id, token.scopes AS credential_scopes,
        token.profile_ids::text[] AS credential_profiles, token.tasks AS credential_tasks,
        token.expires_at AS credential_expires_at,
        profile.id AS profile_id, profile.name AS profile, profile.is_public,
        owner.username AS owner,
        CASE WHEN profile.account_id = account.id THEN 'owner' ELSE member.role END AS profile_role
      FROM unnest(:numbers::integer[], :sessions::uuid[], :tokens::uuid[], :accounts::uuid[],
          :profiles::uuid[])
        AS asked (number, session_id, token_id, account_id, profile_id)
      LEFT JOIN LATERAL (
        SELECT id, account_id FROM session
        WHERE session.id = asked.session_id AND (expires_at IS NULL OR expires_at > :now)
        LIMIT 1) AS session ON true
      LEFT JOIN LATERAL (
        SELECT id, account_id, scopes, profile_ids, tasks, expires_at FROM token
        WHERE token.id = asked.token_id
        UNION ALL
        SELECT id, account_id, scopes, profile_ids, NULL, NULL FROM oauth_grant
        WHERE oauth_grant.id = asked.token_id AND expires_at > :now
        LIMIT 1) AS token ON true
      CROSS JOIN LATERAL (
        SELECT id, username, role FROM account
        WHERE account.id = coalesce(session.account_id, token.account_id, asked.account_id)
          AND disabled_at IS NULL
        LIMIT 1) AS account
      LEFT JOIN LATERAL (
        SELECT id, account_id, name, is_public FROM profile
        WHERE profile.id = asked.profile_id LIMIT 1) AS profile ON true
      LEFT JOIN LATERAL (
        SELECT username FROM account WHERE account.id = profile.account_id LIMIT 1) AS owner ON true
      LEFT JOIN LATERAL (
        SELECT role FROM profile_member
        WHERE profile_member.profile_id = profile.id AND profile_member.account_id = account.id
        LIMIT 1) AS member ON true
      """;

  private AccessStatements() {}
}
