package dev.errand.tools.mcp;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretServer;
import dev.errand.base.secret.ServerSecrets;
import dev.errand.tools.mcp.oauth.CredentialStore;
import dev.errand.tools.mcp.wire.McpEndpoint;
import dev.errand.tools.mcp.wire.McpException;
import dev.errand.tools.mcp.wire.McpFailure;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Stores remote servers, with their header fields sealed to their row and server. */
@ApplicationScoped
public class RemoteServerStore {
  private static final String COLUMNS =
      """
      mcp_server.installation_id, url, auth, headers_sealed, header_names, revision, on_change,
      left_out, change_digest, changed_at, CASE WHEN refused THEN failure ELSE coalesce(call_failure, failure) END AS failure,
      refused OR call_failure IS NOT NULL AS refused, checked_at
      """;

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM mcp_server WHERE installation_id = ANY (:ids)";

  private static final String ADD =
      """
      INSERT INTO mcp_server (installation_id, url, auth, headers_sealed, header_names, revision,
        on_change, left_out, checked_at, next_check_at)
      VALUES (:id, :url, :auth, :headers_sealed, :header_names, :revision, :on_change, :left_out,
        :now, :next)
      """;

  private static final String CHANGE =
      """
      UPDATE mcp_server SET url = :url, auth = :auth, headers_sealed = :headers_sealed,
        header_names = :header_names, revision = :revision, left_out = :left_out,
        change_digest = NULL, changed_at = NULL, failure = NULL, refused = false,
        call_failure = NULL, refusal_told_at = NULL, refusal_untold = false,
        checked_at = :now, next_check_at = :next
      WHERE installation_id = :id
      """;

  private static final String SET_ON_CHANGE =
      "UPDATE mcp_server SET on_change = :on_change WHERE installation_id = :id";

  // A server that can't be reached may still refuse its header fields.
  private static final String NOTE_FAILURE =
      """
      UPDATE mcp_server SET failure = :failure, refused = refused OR :refused, checked_at = :now,
        next_check_at = :next
      WHERE installation_id = :id
      """;

  // Not if other header fields were set since the call.
  private static final String IS_NEWS =
      """
      SELECT FROM mcp_server
      WHERE installation_id = :id AND headers_sealed IS NOT DISTINCT FROM :headers
        AND (call_failure IS NULL) = (:failure::text IS NOT NULL)
      """;

  private static final String NOTE_CALL =
      """
      UPDATE mcp_server SET call_failure = :failure
      WHERE installation_id = :id AND headers_sealed IS NOT DISTINCT FROM :headers
      """;

  private static final String NOTE_LIST =
      """
      UPDATE mcp_server SET revision = :revision, left_out = :left_out, failure = NULL,
        refused = false, checked_at = :now, next_check_at = :next, change_digest = :change_digest,
        changed_at = CASE WHEN :change_digest IS NULL THEN NULL
          WHEN change_digest = :change_digest THEN changed_at ELSE :now END
      WHERE installation_id = :id
      """;

  private static final String NOTE_ACCEPTED =
      """
      UPDATE mcp_server SET change_digest = NULL, changed_at = NULL WHERE installation_id = :id
      """;

  private static final String NOTE_REVISION =
      """
      UPDATE mcp_server SET revision = :revision
      WHERE installation_id = :id AND revision <> :revision
      """;

  private static final String CHECK_SOON =
      """
      UPDATE mcp_server SET next_check_at = :now
      WHERE installation_id = :id AND next_check_at > :now AND checked_at < :before
      """;

  // A server that one process takes is not due for others until its next check.
  private static final String TAKE_DUE =
      """
      UPDATE mcp_server SET next_check_at = :next WHERE installation_id IN (
        SELECT installation_id FROM mcp_server WHERE next_check_at <= :now
        ORDER BY next_check_at LIMIT :most FOR UPDATE SKIP LOCKED)
      RETURNING installation_id
      """;

  private static final int MOST_OF_A_FAILURE = 2000;

  private final Sql sql;
  private final ServerSecrets secrets;
  private final Json json;
  private final Clock clock;
  private final CredentialStore credentials;
  private final Duration checkEvery;
  private final Event<ServerStateChanged> changes;

  RemoteServerStore(
      Sql sql,
      ServerSecrets secrets,
      Json json,
      Clock clock,
      CredentialStore credentials,
      RemoteToolsConfig config,
      Event<ServerStateChanged> changes) {
    this.sql = sql;
    this.secrets = secrets;
    this.json = json;
    this.clock = clock;
    this.credentials = credentials;
    this.checkEvery = config.checkEvery();
    this.changes = changes;
  }

  public Optional<RemoteServer> find(UUID installationId) {
    return findAll(List.of(installationId)).stream().findFirst();
  }

  /** The servers of those installations that have one, in no order. */
  public List<RemoteServer> findAll(Collection<UUID> installationIds) {
    return sql.statement(FIND).with("ids", "uuid", installationIds).list(RemoteServer.class);
  }

  /**
   * Its header fields in the clear.
   *
   * @throws dev.errand.base.secret.SealBrokenException when they can't be opened, or are for
   *     another server than the one at its address
   */
  Map<String, String> headers(RemoteServer server) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byte @Nullable [] sealed = server.headersSealed();
    if (sealed != null) {
      json.tree(
              secrets
                  .open(
                      new Sealed(sealed),
                      context(server.installationId()),
                      SecretServer.ofUrl(server.url()))
                  .value())
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    }
    return headers;
  }

  public void add(UUID installationId, AskedServer asked, OnChange onChange) {
    asked(ADD, installationId, asked).with("on_change", onChange.code()).run();
    keepCredential(installationId, asked, true);
  }

  /** Replaces the address and credentials; tools that waited to be accepted are dropped. */
  public void change(UUID installationId, AskedServer asked) {
    boolean isAnother =
        find(installationId).filter(now -> now.url().equals(asked.endpoint().url())).isEmpty();
    asked(CHANGE, installationId, asked).run();
    keepCredential(installationId, asked, isAnother);
  }

  /** Removes the server of an installation that is being uninstalled. */
  public void remove(UUID installationId) {
    credentials.delete(installationId);
  }

  private void keepCredential(UUID installationId, AskedServer asked, boolean isAnother) {
    if (asked.oauth() == null) {
      credentials.delete(installationId);
    } else {
      credentials.keep(installationId, asked.oauth(), isAnother);
    }
  }

  private SqlStatement asked(String statement, UUID installationId, AskedServer asked) {
    McpEndpoint endpoint = asked.endpoint();
    List<String> names = endpoint.headers().keySet().stream().sorted().toList();
    return sql.statement(statement)
        .with("id", installationId)
        .with("url", endpoint.url())
        .with("auth", asked.auth())
        .with(
            "headers_sealed",
            names.isEmpty()
                ? null
                : secrets
                    .seal(
                        new PlainSecret(json.write(new TreeMap<>(endpoint.headers()))),
                        context(installationId),
                        SecretServer.ofUrl(endpoint.url()))
                    .bytes())
        .with("header_names", "text", names)
        .with("revision", asked.found().revision())
        .with("left_out", "text", asked.found().leftOut())
        .with("now", clock.instant())
        .with("next", next());
  }

  /** Sets what happens when the tools change. */
  public void setOnChange(UUID installationId, OnChange onChange) {
    sql.statement(SET_ON_CHANGE)
        .with("id", installationId)
        .with("on_change", onChange.code())
        .run();
  }

  /** Stores that the server's tools could not be listed. */
  public void noteFailure(UUID installationId, McpException why) {
    sql.statement(NOTE_FAILURE)
        .with("id", installationId)
        .with("failure", failure(why))
        .with("refused", why.kind() == McpFailure.UNAUTHORIZED)
        .with("now", clock.instant())
        .with("next", next())
        .run();
  }

  /**
   * Stores whether the server took its header fields at a call.
   *
   * @param asked the server as it was called
   * @param refused why it did not; null where it did
   */
  @Transactional
  void noteCall(RemoteServer asked, @Nullable McpException refused) {
    String failure = refused == null ? null : failure(refused);
    if (call(IS_NEWS, asked, failure).exists()) {
      // The installation is locked first, as by all that note something of a server.
      changes.fire(new ServerStateChanged(asked.installationId()));
      call(NOTE_CALL, asked, failure).run();
    }
  }

  private SqlStatement call(String statement, RemoteServer asked, @Nullable String failure) {
    return sql.statement(statement)
        .with("id", asked.installationId())
        .with("headers", asked.headersSealed())
        .with("failure", failure);
  }

  private static String failure(McpException why) {
    return WellFormed.cut(VisibleText.of(why.sentence()), MOST_OF_A_FAILURE);
  }

  /**
   * Stores the result of listing the server's tools.
   *
   * @param waits whether they wait to be accepted
   */
  public void noteList(UUID installationId, FoundTools found, boolean waits) {
    sql.statement(NOTE_LIST)
        .with("id", installationId)
        .with("revision", found.revision())
        .with("left_out", "text", found.leftOut())
        .with("change_digest", waits ? found.tools().digest() : null)
        .with("now", clock.instant())
        .with("next", next())
        .run();
  }

  /** Stores that the waiting tools were accepted. */
  public void noteAccepted(UUID installationId) {
    sql.statement(NOTE_ACCEPTED).with("id", installationId).run();
  }

  /** Stores the revision that a server uses now. */
  void noteRevision(UUID installationId, String revision) {
    sql.statement(NOTE_REVISION).with("id", installationId).with("revision", revision).run();
  }

  /** Schedules an early check of the server, unless it has just been checked. */
  void checkSoon(UUID installationId) {
    sql.statement(CHECK_SOON)
        .with("id", installationId)
        .with("now", clock.instant())
        .with("before", clock.instant().minus(1, ChronoUnit.MINUTES))
        .run();
  }

  /** Claims servers that are due; no other process gets them until their next check. */
  public List<UUID> takeDue(int most) {
    return sql.statement(TAKE_DUE)
        .with("now", clock.instant())
        .with("next", next())
        .with("most", most)
        .list(row -> row.id("installation_id"));
  }

  // Random, so that servers that were installed together are not always checked together.
  private Instant next() {
    long millis = checkEvery.toMillis();
    return clock
        .instant()
        .plusMillis(millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1));
  }

  private static String context(UUID installationId) {
    return "mcp-server/" + installationId + "/headers";
  }
}
