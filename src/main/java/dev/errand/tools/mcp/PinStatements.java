package dev.errand.tools.mcp;

/** The statements about pinned tools. */
final class PinStatements {
  static final String KEEP_TOOLS =
      """
      INSERT INTO mcp_tool_set (digest, tools, used_at) VALUES (:digest, :tools, :now)
      ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at
      """;

  static final String TOOLS = "SELECT tools FROM mcp_tool_set WHERE digest = :digest";

  // Runs that started with them may continue for a while.
  static final String FORGET_TOOLS =
      """
      DELETE FROM mcp_tool_set AS tools WHERE used_at < :before
        AND NOT EXISTS (SELECT FROM installation WHERE tools_digest = tools.digest)
        AND NOT EXISTS (SELECT FROM mcp_server WHERE change_digest = tools.digest)
      """;

  private PinStatements() {}
}
