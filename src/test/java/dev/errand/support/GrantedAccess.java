package dev.errand.support;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What the tests' user has granted to a client. */
public final class GrantedAccess {
  private static final String GRANT =
      """
      INSERT INTO oauth_grant (id, account_id, client_id, scopes, resource, code_hash,
        code_expires_at, redirect_uri, challenge, created_at, expires_at)
      SELECT gen_random_uuid(), account.id, client.id, '{read}', '/mcp',
        sha256(convert_to(gen_random_uuid()::text, 'UTF8')), now(), client.redirect_uris[1], 'none',
        now(), now() + interval '1 hour'
      FROM account, oauth_client AS client
      WHERE account.username = 'admin' AND client.client_id = ?
      RETURNING id::text
      """;

  private GrantedAccess() {}

  /** Grants a client access; the id of the grant. */
  public static String to(String client, DataSource database) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(GRANT)) {
      statement.setString(1, client);
      try (ResultSet grant = statement.executeQuery()) {
        grant.next();
        return grant.getString(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
