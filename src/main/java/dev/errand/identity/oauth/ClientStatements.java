package dev.errand.identity.oauth;

/** The SQL of clients. */
final class ClientStatements {
  private static final String COLUMNS =
      "SELECT id, client_id, kind, name, redirect_uris, secret_hash, created_at FROM oauth_client ";

  static final String BY_CLIENT_ID = COLUMNS + "WHERE client_id = :client_id";

  static final String MANUAL = COLUMNS + "WHERE kind = 'manual' ORDER BY client_id";

  /** How many bytes of texts these have: their addresses. */
  static final String SIZE_OF_MANUAL =
      """
      SELECT coalesce(sum(octet_length(array_to_string(redirect_uris, ','))), 0) AS bytes
      FROM oauth_client WHERE kind = 'manual'
      """;

  static final String MANUAL_BY_NAME = COLUMNS + "WHERE client_id = :client_id AND kind = 'manual'";

  static final String LOCK_MANUAL = MANUAL_BY_NAME + " FOR NO KEY UPDATE";

  static final String INSERT =
      """
      INSERT INTO oauth_client (id, client_id, kind, name, redirect_uris, secret_hash, created_at)
      VALUES (:id, :client_id, :kind, :name, :redirect_uris, :secret_hash, :now)
      """;

  /** Stores a client with a document, which may have changed since. */
  static final String KEEP_DOCUMENT =
      INSERT
          + """
          ON CONFLICT (client_id) DO UPDATE
            SET name = excluded.name, redirect_uris = excluded.redirect_uris
            WHERE oauth_client.kind = 'document'
          RETURNING id
          """;

  static final String CHANGE =
      """
      UPDATE oauth_client SET redirect_uris = :redirect_uris, secret_hash = :secret_hash
      WHERE id = :id
      """;

  static final String DELETE = "DELETE FROM oauth_client WHERE id = :id";

  /** Counts the clients that registered themselves, up to a limit. */
  static final String COUNT_REGISTERED =
      """
      SELECT count(*) AS clients FROM (
        SELECT FROM oauth_client WHERE kind = 'registered' LIMIT :most) AS registered
      """;

  /** Deletes clients without a grant for a day, in batches. */
  static final String DELETE_UNUSED =
      """
      DELETE FROM oauth_client WHERE id IN (
        SELECT id FROM oauth_client AS client
        WHERE kind IN ('registered', 'document') AND created_at < now() - :unused_ms * interval '1 millisecond'
          AND NOT EXISTS (SELECT FROM oauth_grant WHERE client_id = client.id)
        ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
      """;

  private ClientStatements() {}
}
