package dev.errand.base.secret;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column with sealed values, in the order in which they are resealed. All of them are listed
 * here, with the contexts and servers for which their values are sealed; a test compares this with
 * the schema.
 */
enum SealedColumn {
  SIGNING_KEY("signing_key", "sealed", "'signing-key/' || purpose"),
  TASK_KEY("task", "key_sealed", "'task/' || id || '/key'", "key_url", Bound.TO_URL),
  PROVIDER_KEY("provider", "key_sealed", "'provider/' || id || '/key'", "base_url", Bound.TO_URL),
  INSTALLATION_CONFIG("installation", "config_sealed", "'installation/' || id || '/config'"),
  MCP_HEADERS(
      "mcp_server",
      "headers_sealed",
      "'mcp-server/' || installation_id || '/headers'",
      "url",
      Bound.TO_URL),
  MCP_CLIENT_SECRET(
      "mcp_credential",
      "client_secret_sealed",
      "'mcp-credential/' || installation_id || '/client-secret'",
      "issuer",
      Bound.TO_ISSUER),
  // Tokens and flows are sealed together with the addresses that they are sent to.
  MCP_TOKENS(
      "mcp_credential", "tokens_sealed", "'mcp-credential/' || installation_id || '/tokens'"),
  MCP_REGISTRATION(
      "mcp_registration",
      "client_sealed",
      "'mcp-registration/' || id || '/client'",
      "issuer",
      Bound.TO_ISSUER),
  MCP_CONNECT(
      "mcp_connect", "flow_sealed", "'mcp-connect/' || encode(state_digest, 'hex') || '/flow'"),
  CALLBACK_SECRETS("task_callback", "secrets_sealed", "'callback/' || id || '/secrets'"),
  TRIGGER_SECRETS("task_trigger", "secrets_sealed", "'trigger/' || id || '/secrets'"),
  // A secret is sealed beside the sealed address that it is sent to.
  CHANNEL_ADDRESS("channel", "address_sealed", "'channel/' || id || '/address'"),
  CHANNEL_SECRET("channel", "secret_sealed", "'channel/' || id || '/secret'"),
  DELIVERY_CONTENT("trigger_delivery", "content_sealed", "'trigger/' || trigger_id || '/delivery'"),
  SERVLET_CODE("servlet_code", "sealed", "'servlet code ' || address || ' ' || engine") {
    @Override
    int batch() {
      // One may have megabytes.
      return 1;
    }
  },
  // The last one: until nothing else is sealed with a former key, a process that starts without
  // that key can't open this value, and its start fails. Its form says that all others are bound.
  CANARY("secret_canary", "sealed", "'" + MasterKeyCanary.CONTEXT + "'", "NULL", Bound.AS_CANARY);

  /** What the seals of a column are bound to besides their context. */
  private enum Bound {
    TO_NOTHING,
    TO_URL,
    TO_ISSUER,
    AS_CANARY
  }

  private final String table;
  private final String column;
  private final String context;
  private final String address;
  private final Bound bound;

  SealedColumn(String table, String column, String context) {
    this(table, column, context, "NULL", Bound.TO_NOTHING);
  }

  /**
   * Values that are sent to a server.
   *
   * @param address the SQL of its address
   */
  SealedColumn(String table, String column, String context, String address, Bound bound) {
    this.table = table;
    this.column = column;
    this.context = context;
    this.address = address;
    this.bound = bound;
  }

  /** The columns of values that are sent to a server. */
  static List<SealedColumn> forServers() {
    return Arrays.stream(values())
        .filter(column -> column.bound != Bound.TO_NOTHING && column != CANARY)
        .toList();
  }

  /**
   * The server that a value is sent to; null where it is sent to none.
   *
   * @param address its address as {@link #find} reads it
   */
  @Nullable SecretServer server(@Nullable String address) {
    return switch (bound) {
      case TO_NOTHING -> null;
      case TO_URL -> SecretServer.ofUrl(address);
      case TO_ISSUER -> SecretServer.ofIssuer(Objects.requireNonNull(address));
      case AS_CANARY -> MasterKeyCanary.SERVER;
    };
  }

  /** How many values are sealed in one transaction. */
  int batch() {
    return 100;
  }

  private String keyId() {
    return "encode(substring(" + column + " FROM 2 FOR 4), 'hex')";
  }

  /** Whether a value has to be sealed again: by its key, or because it is bound to no server. */
  private String isOld() {
    return bound == Bound.TO_NOTHING
        ? keyId() + " <> :newest"
        : "(" + keyId() + " <> :newest OR substring(" + column + " FROM 1 FOR 1) = '\\x01')";
  }

  /**
   * Values that have to be sealed again and were sealed with one of the keys, from a place in the
   * table on. What is changed meanwhile may move to an earlier place.
   */
  String find() {
    return """
        SELECT ctid::text AS place, %s AS context, %s::text AS address, %s AS sealed FROM %s
        WHERE ctid > :after::tid AND %s AND %s = ANY (:ids) LIMIT :most
        """
        .formatted(context, address, column, table, isOld(), keyId());
  }

  /** Replaces a value, unless it was changed meanwhile. */
  String replace() {
    return "UPDATE %s SET %s = :now WHERE ctid = :place::tid AND %s = :before"
        .formatted(table, column, column);
  }

  /**
   * Counts the values that have to be sealed again, those that another key than the newest sealed,
   * and those of them that no key opens.
   */
  String count() {
    return ("SELECT count(*) AS waiting, count(*) FILTER (WHERE %s <> :newest) AS foreign_key, count(*) FILTER"
            + " (WHERE %s <> ALL (:ids)) AS lost FROM %s WHERE %s IS NOT NULL AND %s")
        .formatted(keyId(), keyId(), table, column, isOld());
  }

  /** The table and the column, as {@code table.column}. */
  String path() {
    return table + "." + column;
  }
}
