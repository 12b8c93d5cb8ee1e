package dev.errand.identity.signin;

/** The SQL of users' sessions. */
final class SessionStatements {
  static final String PASSWORD =
      """
      SELECT id, password_hash, (SELECT string_agg(DISTINCT address, ' ') FROM session
        WHERE account_id = account.id AND expires_at > :now) AS addresses
      FROM account
      WHERE username = :username AND kind = 'person' AND disabled_at IS NULL
      """;

  /** Only while the user is enabled and has the password that was checked. */
  static final String ADD =
      """
      INSERT INTO session (token_hash, account_id, kind, created_at, expires_at, ends_at,
        last_used_at, device, address)
      SELECT :token_hash, id, 'user', :now, :expires_at, :ends_at, :now, :device, :address
      FROM account WHERE id = :account_id AND disabled_at IS NULL AND password_hash = :password_hash
      FOR SHARE
      RETURNING id, (SELECT username FROM account WHERE id = :account_id) AS username,
        (SELECT role FROM account WHERE id = :account_id) AS role
      """;

  /** For a person who signed in without a password, only while the user is enabled. */
  static final String ADD_WITHOUT_PASSWORD =
      """
      INSERT INTO session (token_hash, account_id, kind, created_at, expires_at, ends_at,
        last_used_at, device, address, oidc_issuer, oidc_sid)
      SELECT :token_hash, id, 'user', :now, :expires_at, :ends_at, :now, :device, :address,
        :issuer, :sid
      FROM account WHERE id = :account_id AND disabled_at IS NULL AND kind = 'person'
      FOR SHARE
      RETURNING id, (SELECT username FROM account WHERE id = :account_id) AS username,
        (SELECT role FROM account WHERE id = :account_id) AS role
      """;

  static final String FORGET_LINKS =
      "DELETE FROM start_link WHERE expires_at <= least(:now, now())";

  static final String ADD_LINK =
      """
      INSERT INTO start_link (token_hash, account_id, expires_at)
      VALUES (:token_hash, :account_id, :expires_at)
      """;

  static final String TAKE_LINK =
      """
      DELETE FROM start_link WHERE token_hash = :token_hash AND expires_at > :now
      RETURNING account_id
      """;

  static final String DELETE_ENDED =
      "DELETE FROM session WHERE account_id = :account_id AND expires_at <= least(:now, now())";

  static final String LIST =
      """
      SELECT id, kind, created_at, expires_at, last_used_at, device, address,
        token_hash = :token_hash AS current
      FROM session WHERE account_id = :account_id AND (expires_at IS NULL OR expires_at > :now)
      ORDER BY created_at DESC, id
      """;

  /** What names the user at the provider by which the session began. */
  private static final String SUBJECT =
      """
       (SELECT subject FROM oidc_identity
        WHERE issuer = oidc_issuer AND oidc_identity.account_id = session.account_id
        ORDER BY oidc_identity.created_at DESC LIMIT 1) AS subject
      """;

  static final String END =
      """
      DELETE FROM session WHERE account_id = :account_id AND id = :id
      RETURNING id, token_hash = :token_hash AS current,
      """
          + SUBJECT;

  static final String END_CURRENT =
      """
      DELETE FROM session WHERE account_id = :account_id AND token_hash = :token_hash
      RETURNING id, true AS current,
      """
          + SUBJECT;

  static final String END_BY_OIDC =
      """
      DELETE FROM session WHERE account_id = :account_id AND oidc_issuer = :issuer RETURNING id
      """;

  static final String END_OTHERS =
      """
      DELETE FROM session WHERE account_id = :account_id AND kind <> 'bootstrap'
        AND token_hash <> :token_hash
      """;

  private SessionStatements() {}
}
