package dev.errand.identity.oauth;

/** The SQL of clients. */
final class ClientStatements {
  private static final String COLUMNS =
      "SELECT id, client_id, kind, name, redirect_uris, secret_hash, created_at FROM oauth_client ";

  static final String BY_CLIENT_ID = COLUMNS + "WHERE client_id = :client_id";

  private static final String SHOWN =
      """
      SELECT id, client_id, kind, name, redirect_uris, secret_hash, created_at, network, etag,
        EXISTS (SELECT FROM oauth_grant WHERE client_id = client.id) AS used
      FROM oauth_client AS client
      """;

  private static final String PART =
      "WHERE kind = :kind AND client_id > :after ORDER BY client_id LIMIT :most";

  /** Clients of a kind, by their ids. */
  static final String LIST = SHOWN + PART;

  /** How many bytes of texts each of these has: its addresses. */
  static final String SIZES =
      "SELECT octet_length(array_to_string(redirect_uris, ',')) AS bytes FROM oauth_client " + PART;

  static final String SHOWN_BY_ID =
      SHOWN + "WHERE client_id = :client_id AND kind IN ('manual', 'registered')";

  static final String LOCK_SHOWN = SHOWN_BY_ID + " FOR NO KEY UPDATE OF client";

  static final String LOCK_MANUAL =
      SHOWN + "WHERE client_id = :client_id AND kind = 'manual' FOR NO KEY UPDATE OF client";

  static final String INSERT =
      """
      INSERT INTO oauth_client (id, client_id, kind, name, redirect_uris, secret_hash, created_at, network,
        etag)
      VALUES (:id, :client_id, :kind, :name, :redirect_uris, :secret_hash, :now, :network, :etag)
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
      UPDATE oauth_client SET redirect_uris = :redirect_uris, secret_hash = :secret_hash,
        etag = :etag
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

  /** Deletes the oldest clients that registered themselves and have no grant after some time. */
  static final String DELETE_OLDEST =
      """
      DELETE FROM oauth_client WHERE id IN (
        SELECT id FROM oauth_client AS client
        WHERE kind = 'registered' AND created_at < now() - :grace_ms * interval '1 millisecond'
          AND NOT EXISTS (SELECT FROM oauth_grant WHERE client_id = client.id)
        ORDER BY created_at LIMIT :most FOR UPDATE SKIP LOCKED)
      """;

  // Those without a grant, each with the number of newer ones of its network, and itself.
  private static final String DELETE_BY_NETWORK =
      """
      DELETE FROM oauth_client WHERE id IN (
        SELECT id FROM oauth_client WHERE id IN (
          SELECT id FROM (
            SELECT id, network, created_at,
              row_number() OVER (PARTITION BY network ORDER BY created_at DESC, id) AS newest
            FROM oauth_client AS client
            WHERE kind = 'registered' AND NOT EXISTS (SELECT FROM oauth_grant WHERE client_id = client.id)) AS unused
          %s)
        FOR UPDATE SKIP LOCKED)
      """;

  /** Deletes those of the networks that have most of them, in each the oldest. */
  static final String DELETE_OF_LARGEST =
      DELETE_BY_NETWORK.formatted("ORDER BY newest DESC, created_at LIMIT :most");

  /** Deletes the oldest ones of networks that have more than a share, in batches. */
  static final String DELETE_BEYOND_SHARES =
      DELETE_BY_NETWORK.formatted("WHERE network IS NOT NULL AND newest > :share LIMIT 1000");

  private ClientStatements() {}
}
