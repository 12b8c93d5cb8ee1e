package dev.errand.base.secret.reseal;

/**
 * A column with sealed values, in the order in which they are resealed. All of them are listed
 * here, with the contexts for which their values are sealed; a test compares this with the schema.
 */
enum SealedColumn {
  SIGNING_KEY("signing_key", "sealed", "'signing-key/' || purpose"),
  TASK_KEY("task", "key_sealed", "'task/' || id || '/key'"),
  PROVIDER_KEY("provider", "key_sealed", "'provider/' || id || '/key'"),
  INSTALLATION_CONFIG("installation", "config_sealed", "'installation/' || id || '/config'"),
  MCP_HEADERS("mcp_server", "headers_sealed", "'mcp-server/' || installation_id || '/headers'"),
  MCP_CLIENT_SECRET(
      "mcp_credential",
      "client_secret_sealed",
      "'mcp-credential/' || installation_id || '/client-secret'"),
  MCP_TOKENS(
      "mcp_credential", "tokens_sealed", "'mcp-credential/' || installation_id || '/tokens'"),
  MCP_REGISTRATION("mcp_registration", "client_sealed", "'mcp-registration/' || id || '/client'"),
  MCP_CONNECT(
      "mcp_connect", "flow_sealed", "'mcp-connect/' || encode(state_digest, 'hex') || '/flow'"),
  CALLBACK_SECRETS("task_callback", "secrets_sealed", "'callback/' || id || '/secrets'"),
  TRIGGER_SECRETS("task_trigger", "secrets_sealed", "'trigger/' || id || '/secrets'"),
  DELIVERY_CONTENT("trigger_delivery", "content_sealed", "'trigger/' || trigger_id || '/delivery'"),
  SERVLET_CODE("servlet_code", "sealed", "'servlet code ' || address || ' ' || engine") {
    @Override
    int batch() {
      // One may have megabytes.
      return 1;
    }
  },
  // The last one: until nothing else is sealed with a former key, a process that starts without
  // that key can't open this value, and its start fails.
  CANARY("secret_canary", "sealed", "'canary'");

  private final String table;
  private final String column;
  private final String context;

  SealedColumn(String table, String column, String context) {
    this.table = table;
    this.column = column;
    this.context = context;
  }

  /** How many values are sealed in one transaction. */
  int batch() {
    return 100;
  }

  private String keyId() {
    return "encode(substring(" + column + " FROM 2 FOR 4), 'hex')";
  }

  /**
   * Values that former keys sealed, from a place in the table on. What is changed meanwhile may
   * move to an earlier place.
   */
  String find() {
    return "SELECT ctid::text AS place, "
        + context
        + " AS context, "
        + column
        + " AS sealed FROM "
        + table
        + " WHERE ctid > :after::tid AND "
        + keyId()
        + " = ANY (:ids) LIMIT :most";
  }

  /** Replaces a value, unless it was changed meanwhile. */
  String replace() {
    return "UPDATE "
        + table
        + " SET "
        + column
        + " = :now WHERE ctid = :place::tid AND "
        + column
        + " = :before";
  }

  /**
   * Counts the values sealed with another key than the newest, and those of them that no key opens.
   */
  String count() {
    return "SELECT count(*) AS waiting, count(*) FILTER (WHERE "
        + keyId()
        + " <> ALL (:ids)) AS lost FROM "
        + table
        + " WHERE "
        + column
        + " IS NOT NULL AND "
        + keyId()
        + " <> :newest";
  }

  /** The table and the column, as {@code table.column}. */
  String path() {
    return table + "." + column;
  }
}
