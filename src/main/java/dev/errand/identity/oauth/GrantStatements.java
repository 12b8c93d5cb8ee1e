package dev.errand.identity.oauth;

/** The SQL of grants and their tokens. */
final class GrantStatements {
  private static final String COLUMNS =
      """
      SELECT oauth_grant.id, oauth_grant.scopes, oauth_grant.resource, oauth_grant.created_at,
        oauth_grant.expires_at, oauth_grant.last_used_at, client.client_id,
        client.name AS client_name, client.kind AS client_kind,
        CASE WHEN oauth_grant.profile_ids IS NOT NULL THEN ARRAY(
          SELECT owner.username || '/' || profile.name FROM profile
          JOIN account AS owner ON owner.id = profile.account_id
          WHERE profile.id = ANY (oauth_grant.profile_ids) ORDER BY 1) END AS profiles
      FROM oauth_grant JOIN oauth_client AS client ON client.id = oauth_grant.client_id
      """;

  /** The newest first. */
  static final String LIST =
      COLUMNS
          + """
          WHERE oauth_grant.account_id = :account_id AND oauth_grant.expires_at > :now
          ORDER BY oauth_grant.created_at DESC, oauth_grant.id
          """;

  static final String GET = COLUMNS + "WHERE oauth_grant.id = :id";

  /** Lets one change of a user's grants at a time count them; no row for a disabled user. */
  static final String LOCK_USER =
      "SELECT id FROM account WHERE id = :account_id AND disabled_at IS NULL FOR NO KEY UPDATE";

  static final String COUNT =
      """
      SELECT count(*) AS grants FROM oauth_grant
      WHERE account_id = :account_id AND expires_at > :now
      """;

  static final String INSERT =
      """
      INSERT INTO oauth_grant (id, account_id, client_id, scopes, profile_ids, resource, code_hash,
        code_expires_at, redirect_uri, challenge, created_at, expires_at)
      VALUES (:id, :account_id, :client_id, :scopes, nullif(:profile_ids, '{}'::uuid[]), :resource,
        :code_hash, :code_expires_at, :redirect_uri, :challenge, :now, :code_expires_at)
      """;

  static final String DELETE = "DELETE FROM oauth_grant WHERE id = :id";

  static final String DELETE_OF_USER = "DELETE FROM oauth_grant WHERE account_id = :account_id";

  static final String USED =
      """
      UPDATE oauth_grant SET last_used_at = :now
      WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :before)
      """;

  /** Of a user, to be deleted. */
  static final String LOCK_OWN =
      "SELECT id FROM oauth_grant WHERE id = :id AND account_id = :account_id FOR UPDATE";

  // Each change of a grant or its tokens locks the grant's row first, so that there are no
  // deadlocks.
  private static final String HELD =
      """
      SELECT oauth_grant.id, oauth_grant.client_id, oauth_grant.scopes, oauth_grant.resource,
        oauth_grant.redirect_uri, oauth_grant.challenge, oauth_grant.code_expires_at,
        oauth_grant.code_used_at, account.id AS account_id, account.username, account.role
      FROM oauth_grant JOIN account ON account.id = oauth_grant.account_id
      """;

  static final String HOLD_BY_CODE =
      HELD
          + """
          WHERE oauth_grant.code_hash = :hash AND account.disabled_at IS NULL
          FOR NO KEY UPDATE OF oauth_grant
          """;

  static final String HOLD_BY_TOKEN =
      HELD
          + """
          WHERE oauth_grant.id =
              (SELECT grant_id FROM oauth_token WHERE token_hash = :hash AND kind = :kind)
            AND account.disabled_at IS NULL
          FOR NO KEY UPDATE OF oauth_grant
          """;

  static final String USE_CODE = "UPDATE oauth_grant SET code_used_at = :now WHERE id = :id";

  /** No row where it was used, or has expired. */
  static final String USE_REFRESH =
      """
      UPDATE oauth_token SET used_at = :now
      WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now
      """;

  static final String IS_USED =
      "SELECT FROM oauth_token WHERE token_hash = :hash AND used_at IS NOT NULL";

  static final String EXTEND = "UPDATE oauth_grant SET expires_at = :expires_at WHERE id = :id";

  static final String ADD_TOKEN =
      """
      INSERT INTO oauth_token (token_hash, grant_id, kind, scopes, expires_at)
      VALUES (:hash, :grant_id, :kind, :scopes, :expires_at)
      """;

  static final String DELETE_TOKEN = "DELETE FROM oauth_token WHERE token_hash = :hash";

  /** Deletes tokens of a grant that are no longer needed, not even to detect a stolen one. */
  static final String DELETE_OLD_TOKENS =
      "DELETE FROM oauth_token WHERE grant_id = :grant_id AND expires_at < least(:now, now())";

  /** Deletes expired grants, in batches. */
  static final String DELETE_OLD_GRANTS =
      """
      DELETE FROM oauth_grant WHERE id IN (
        SELECT id FROM oauth_grant WHERE expires_at < now() - :kept_ms * interval '1 millisecond'
        ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)
      """;

  /**
   * The user and the rights of an access token. An expired one is found as well, so that the error
   * can say so.
   */
  static final String CALLER =
      """
      SELECT account.id, account.username, account.role, oauth_grant.id AS grant_id,
        oauth_grant.resource, oauth_grant.profile_ids::text[] AS profiles,
        oauth_grant.last_used_at, token.scopes, token.expires_at, client.client_id,
        client.name AS client_name, client.kind AS client_kind
      FROM oauth_token AS token
      JOIN oauth_grant ON oauth_grant.id = token.grant_id
      JOIN account ON account.id = oauth_grant.account_id
      JOIN oauth_client AS client ON client.id = oauth_grant.client_id
      WHERE token.token_hash = :token_hash AND token.kind = 'access'
        AND account.disabled_at IS NULL
      """;

  private GrantStatements() {}
}
