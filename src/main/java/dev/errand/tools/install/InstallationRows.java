package dev.errand.tools.install;

import dev.errand.base.background.SharedReads;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.install.ProfileToolbox.Offered;
import dev.errand.tools.mcp.oauth.ConnectLink;
import dev.errand.tools.port.ApprovalRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queries of installations for runs, each in one round trip. */
@ApplicationScoped
class InstallationRows {
  private static final String OFFERED =
      "SELECT %s FROM %s WHERE installation.profile_id = :profile_id ORDER BY installation"
          .formatted(Offered.COLUMNS, Offered.TABLES);

  // Behind the sub-select, the planner sees no values, so it keeps one plan. To plan takes longer
  // than to execute.
  private static final String PERMITTED =
      """
      SELECT installation.id, username, domains, config_sealed, config_keys, %s, suspended, approvals,
        profile.name AS profile, installation.name AS installation, required_domains, required_config,
        mcp_server.url AS server_url, coalesce(servlet.owner || '/' || servlet.name, '') AS slug,
        coalesce(visibility = 'public' OR owner = username, false) AS visible
      FROM installation
        LEFT JOIN servlet ON servlet.id = servlet_id
        LEFT JOIN mcp_server ON mcp_server.installation_id = installation.id
        JOIN profile ON profile.id = profile_id
        JOIN account ON account.id = account_id
      WHERE installation.id = ANY (ARRAY(SELECT unnest(:ids::uuid[])))
      """
          .formatted(ToolSwitches.COLUMNS);

  // Twice the approvals, which are read as JSON.
  private static final String SIZES =
      """
      SELECT coalesce(octet_length(content.tools), octet_length(pinned.tools), 0)
        + coalesce(octet_length(changed.tools), 0) + coalesce(2 * octet_length(approvals), 0) AS bytes
      FROM installation
        LEFT JOIN servlet_content AS content ON content.address = servlet_address
        LEFT JOIN mcp_tool_set AS pinned ON pinned.digest = tools_digest
        LEFT JOIN mcp_server ON installation_id = installation.id
        LEFT JOIN mcp_tool_set AS changed ON changed.digest = change_digest
      WHERE profile_id = :profile_id AND installation.name > :after
      ORDER BY installation.name LIMIT :most
      """;

  private static final String NAMES =
      """
      SELECT username, profile.name AS profile, installation.name AS installation
      FROM installation JOIN profile ON profile.id = profile_id
        JOIN account ON account.id = account_id
      WHERE installation.id = :id
      """;

  // Whose state is bad, or may be: only that of tokens depends on the time.
  private static final String TROUBLED =
      """
      SELECT installation.name
      FROM installation
        JOIN mcp_server AS server ON server.installation_id = installation.id
        LEFT JOIN mcp_credential AS credential ON credential.installation_id = installation.id
      WHERE installation.profile_id = :profile_id AND (server.change_digest IS NOT NULL
        OR server.failure IS NOT NULL OR server.call_failure IS NOT NULL OR server.refused
        OR (server.auth = 'oauth' AND (credential.tokens_sealed IS NULL OR credential.failed
          OR credential.failure IS NOT NULL
          OR (NOT credential.has_refresh AND credential.expires_at < :soon))))
      ORDER BY installation.name LIMIT :most
      """;

  // Two, so that one that waits for the database does not delay all others.
  private static final int LANES = 2;
  private static final int LARGEST = 64;

  private final Sql sql;
  private final Json json;
  private final SharedReads<UUID, Optional<Permitted>> reads =
      new SharedReads<>("tool-permissions", LANES, LARGEST, Duration.ZERO, this::permitted);

  InstallationRows(Sql sql, Json json) {
    this.sql = sql;
    this.json = json;
  }

  /**
   * The permissions of an installation.
   *
   * @param configSealed its settings, sealed; null where it has none
   * @param switches which of its tools are on
   * @param suspended whether all of them are off until a person accepts their changes
   * @param approvals which calls wait for a person
   * @param server the servlet, or the address of the server, as {@link
   *     dev.errand.tools.port.ToolOrigin#server}
   * @param needs the hosts and settings that the servlet needs, as far as the profile's owner may
   *     know
   */
  record Permitted(
      String owner,
      List<String> domains,
      byte @Nullable [] configSealed,
      ToolSwitches switches,
      boolean suspended,
      ApprovalRules approvals,
      String server,
      Needs needs) {}

  /** How many bytes of texts each of a profile's installations shows, by name. */
  List<Long> sizes(UUID profileId, String after, int most) {
    return sql.statement(SIZES)
        .with("profile_id", profileId)
        .with("after", after)
        .with("most", most)
        .list(row -> row.number("bytes"));
  }

  /** The installations of a profile, by name. */
  List<Offered> offered(UUID profileId) {
    return sql.statement(OFFERED).with("profile_id", profileId).list(Offered::of);
  }

  /**
   * The names of a profile's remote servers that may need a person: for their credentials, their
   * tools, or since they can't be reached.
   *
   * @param soon tokens that end before and can't be renewed count
   */
  List<String> troubled(UUID profileId, Instant soon, int most) {
    return sql.statement(TROUBLED)
        .with("profile_id", profileId)
        .with("soon", soon)
        .with("most", most)
        .list(row -> row.text("name"));
  }

  /**
   * The present permissions of an installation; empty when it no longer exists. Calls of the same
   * moment share the statement.
   */
  Optional<Permitted> permitted(UUID installationId) throws InterruptedException {
    return reads.get(installationId);
  }

  private List<Optional<Permitted>> permitted(List<UUID> installations) {
    Map<UUID, Permitted> found = new HashMap<>();
    sql.statement(PERMITTED)
        .with("ids", "uuid", Set.copyOf(installations))
        .each(
            row ->
                found.put(
                    row.id("id"),
                    new Permitted(
                        row.text("username"),
                        row.texts("domains"),
                        row.bytesOrNull("config_sealed"),
                        ToolSwitches.of(row),
                        row.flag("suspended"),
                        ApprovalRules.stored(json, row.textOrNull("approvals")),
                        server(row),
                        needs(row))));
    return installations.stream().map(id -> Optional.ofNullable(found.get(id))).toList();
  }

  /** Where a person connects the server of an installation; empty when it no longer exists. */
  String connectPath(UUID installationId) {
    return sql.statement(NAMES)
        .with("id", installationId)
        .first(
            row ->
                ConnectLink.path(
                    row.text("username"), row.text("profile"), row.text("installation")))
        .orElse("");
  }

  private static String server(Row row) {
    String url = row.textOrNull("server_url");
    return url == null ? row.text("slug") : ServerPlace.of(url);
  }

  private static Needs needs(Row row) {
    boolean visible = row.flag("visible");
    return new Needs(
        new ProfileSlug(row.text("username"), row.text("profile")),
        row.text("installation"),
        visible ? row.texts("required_domains") : List.of(),
        visible ? row.texts("required_config") : List.of(),
        row.texts("domains"),
        row.texts("config_keys"));
  }
}
