package dev.errand.tools.mcp.oauth;

/** The statements about credentials of remote servers. */
final class CredentialStatements {
  static final String FIND =
      """
      SELECT credential.installation_id, credential.issuer, credential.client_id,
        credential.client_secret_sealed, credential.asked_scope, credential.lacked_scope,
        credential.tokens_sealed, credential.scope, credential.expires_at, credential.has_refresh,
        account.username AS connected_by, credential.connected_at, credential.failure,
        credential.failed, credential.tried_at, credential.pins_next, credential.shares_redirect
      FROM mcp_credential AS credential LEFT JOIN account ON account.id = credential.connected_by
      WHERE credential.installation_id = ANY (:ids)
      """;

  /**
   * Stores the issuer and the client; present tokens are deleted. Only a client that stays keeps
   * the redirect address that issuers share.
   */
  static final String KEEP =
      """
      INSERT INTO mcp_credential (installation_id, issuer, client_id, client_secret_sealed,
        asked_scope, pins_next, shares_redirect)
      VALUES (:id, :issuer, :client_id, :client_secret_sealed, :asked_scope, :pins_next, false)
      ON CONFLICT (installation_id) DO UPDATE SET issuer = excluded.issuer,
        client_id = excluded.client_id, client_secret_sealed = excluded.client_secret_sealed,
        asked_scope = excluded.asked_scope, lacked_scope = NULL, tokens_sealed = NULL, scope = NULL,
        expires_at = NULL, has_refresh = false, connected_by = NULL, connected_at = NULL,
        failure = NULL, failed = false, failing_since = NULL, tried_at = NULL, refresh_at = NULL,
        refreshing_until = NULL, told = NULL,
        pins_next = mcp_credential.pins_next OR excluded.pins_next,
        shares_redirect = mcp_credential.shares_redirect
          AND mcp_credential.issuer = excluded.issuer
          AND mcp_credential.client_id IS NOT DISTINCT FROM excluded.client_id
          AND excluded.client_id IS NOT NULL
      """;

  static final String DELETE = "DELETE FROM mcp_credential WHERE installation_id = :id";

  /** Stores tokens, if the server still has the address for which they were requested. */
  static final String CONNECT =
      """
      UPDATE mcp_credential SET issuer = :issuer, tokens_sealed = :tokens_sealed, scope = :scope,
        expires_at = :expires_at, has_refresh = :has_refresh, refresh_at = :refresh_at,
        connected_by = :account_id, connected_at = :now, lacked_scope = NULL, failure = NULL,
        failed = false, failing_since = NULL, tried_at = NULL,
        refreshing_until = NULL, told = NULL
      WHERE installation_id = :id AND EXISTS (
        SELECT FROM mcp_server WHERE installation_id = :id AND url = :url AND auth = 'oauth')
      """;

  static final String IS_AT =
      """
      SELECT EXISTS (
        SELECT FROM mcp_server WHERE installation_id = :id AND url = :url) AS is_at
      """;

  static final String DISCONNECT =
      """
      UPDATE mcp_credential SET tokens_sealed = NULL, scope = NULL, expires_at = NULL,
        has_refresh = false, refresh_at = NULL, connected_by = NULL, connected_at = NULL,
        lacked_scope = NULL, failure = NULL, failed = false, failing_since = NULL, tried_at = NULL,
        refreshing_until = NULL, told = NULL
      WHERE installation_id = :id
      """;

  /** Lets one process at a time renew tokens, and only those that it has read. */
  static final String LEASE =
      """
      UPDATE mcp_credential SET refreshing_until = :until
      WHERE installation_id = :id AND tokens_sealed = :tokens_sealed
        AND (refreshing_until IS NULL OR refreshing_until < :now)
      """;

  /** The same, unless they were renewed after {@link #TAKE_DUE}. */
  static final String LEASE_DUE = LEASE + "  AND refresh_at <= :again\n";

  /** Does not overwrite a new connection. */
  static final String RENEW =
      """
      UPDATE mcp_credential SET tokens_sealed = :now_sealed, scope = :scope,
        expires_at = :expires_at, has_refresh = :has_refresh, refresh_at = :refresh_at,
        failure = NULL, failed = false, failing_since = NULL, tried_at = NULL,
        refreshing_until = NULL, told = NULL
      WHERE installation_id = :id AND tokens_sealed = :tokens_sealed
      """;

  static final String NOTE_FAILURE =
      """
      UPDATE mcp_credential SET failure = :failure, failed = :failed, refresh_at = :refresh_at,
        failing_since = coalesce(failing_since, :now), tried_at = :now, refreshing_until = NULL
      WHERE installation_id = :id AND tokens_sealed = :tokens_sealed
      """;

  static final String NOTE_PINNED =
      "UPDATE mcp_credential SET pins_next = false WHERE installation_id = :id AND pins_next";

  static final String NOTE_LACK =
      """
      UPDATE mcp_credential SET lacked_scope = :scope
      WHERE installation_id = :id AND tokens_sealed IS NOT NULL
        AND lacked_scope IS DISTINCT FROM :scope
      """;

  /** Claims credentials that are due, so that no other process gets them for a while. */
  static final String TAKE_DUE =
      """
      UPDATE mcp_credential SET refresh_at = :again WHERE installation_id IN (
        SELECT installation_id FROM mcp_credential WHERE refresh_at <= :now
        ORDER BY refresh_at LIMIT :most FOR UPDATE SKIP LOCKED)
      RETURNING installation_id
      """;

  /**
   * Selects the credentials whose end has to be reported, once for each end. One that can't be
   * renewed is reported when a quarter of its life is left, or a day. A failed renewal, which may
   * be temporary, is reported when it has lasted for ten minutes.
   */
  static final String TELL =
      """
      WITH health AS (
        SELECT installation_id, CASE
            WHEN failed OR (expires_at <= :now AND NOT has_refresh) THEN 'failing'
            WHEN NOT has_refresh AND expires_at - least(interval '1 day',
                (expires_at - connected_at) / 4) <= :now THEN 'expiring'
            WHEN failing_since > CAST(:now AS timestamptz) - interval '10 minutes' THEN NULL
            WHEN failing_since IS NOT NULL AND expires_at <= :now THEN 'failing'
            WHEN failing_since IS NOT NULL AND expires_at - interval '10 minutes' <= :now
              THEN 'expiring'
          END AS now
        FROM mcp_credential WHERE tokens_sealed IS NOT NULL)
      UPDATE mcp_credential AS credential SET told = health.now FROM health
      WHERE health.installation_id = credential.installation_id
        AND (health.now = 'failing' AND credential.told IS DISTINCT FROM 'failing'
          OR health.now = 'expiring' AND credential.told IS NULL)
      """;

  static final String REGISTRATION =
      """
      SELECT id, client_sealed FROM mcp_registration
      WHERE issuer = :issuer AND redirect_uri = :redirect_uri
        AND (expires_at IS NULL OR expires_at > :now)
      """;

  static final String KEEP_REGISTRATION =
      """
      INSERT INTO mcp_registration (id, issuer, redirect_uri, account_id, client_sealed, expires_at,
        created_at)
      VALUES (:id, :issuer, :redirect_uri, :account_id, :client_sealed, :expires_at, :now)
      ON CONFLICT (issuer, redirect_uri) DO UPDATE SET id = excluded.id,
        client_sealed = excluded.client_sealed, expires_at = excluded.expires_at,
        created_at = excluded.created_at
      """;

  static final String FORGET_REGISTRATION =
      "DELETE FROM mcp_registration WHERE issuer = :issuer AND redirect_uri = :redirect_uri";

  static final String FORGET_FLOWS = "DELETE FROM mcp_connect WHERE installation_id = :id";

  static final String ADD_FLOW =
      """
      INSERT INTO mcp_connect (state_digest, installation_id, account_id, flow_sealed, expires_at)
      SELECT :state, installation_id, :account_id, :flow_sealed, :expires_at
      FROM mcp_credential WHERE installation_id = :id FOR KEY SHARE
      """;

  /** Removes the oldest flows of an installation beyond ten, and all expired ones. */
  static final String REMOVE_FLOWS =
      """
      DELETE FROM mcp_connect WHERE expires_at < least(:now, now()) OR state_digest IN (
        SELECT state_digest FROM mcp_connect WHERE installation_id = :id
        ORDER BY expires_at DESC OFFSET 10)
      """;

  /** Each flow can be completed once, by the user who started it. */
  static final String TAKE_FLOW =
      """
      DELETE FROM mcp_connect
      WHERE state_digest = :state AND account_id = :account_id AND expires_at > :now
      RETURNING installation_id, flow_sealed
      """;

  private CredentialStatements() {}
}
