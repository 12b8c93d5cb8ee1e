package dev.errand.tools.install;

/** The statements that delete a servlet. */
final class RemovalStatements {
  static final String USES =
      """
      SELECT username, profile.name AS profile, installation.name
      FROM installation
        JOIN profile ON profile.id = profile_id
        JOIN account ON account.id = account_id
      WHERE servlet_id = :servlet_id ORDER BY username, profile.name, installation.name LIMIT 1000
      """;

  static final String VERSIONS =
      "SELECT address FROM servlet_version WHERE servlet_id = :servlet_id";

  static final String DELETE = "DELETE FROM servlet WHERE id = :servlet_id";

  // Other servlets may have the same bytes.
  static final String DELETE_BYTES =
      """
      DELETE FROM servlet_content AS content WHERE address = ANY (:addresses)
        AND NOT EXISTS (SELECT 1 FROM servlet_version WHERE address = content.address)
        AND NOT EXISTS (SELECT 1 FROM installation WHERE address = content.address)
      """;

  static final String USED_BY_OTHERS =
      """
      SELECT DISTINCT owner || '/' || servlet.name AS slug FROM servlet
        JOIN installation ON servlet_id = servlet.id
        JOIN profile ON profile.id = profile_id
      WHERE owner = :owner AND account_id <> :account_id ORDER BY slug LIMIT 10
      """;

  static final String UNINSTALL_ALL =
      """
      DELETE FROM installation USING profile
      WHERE profile.id = profile_id AND account_id = :account_id
      """;

  static final String VERSIONS_OF_OWNER =
      """
      SELECT DISTINCT address FROM servlet_version JOIN servlet ON servlet.id = servlet_id
      WHERE owner = :owner
      """;

  static final String DELETE_OF_OWNER = "DELETE FROM servlet WHERE owner = :owner";

  private RemovalStatements() {}
}
