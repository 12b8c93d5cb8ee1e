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
import dev.errand.tools.port.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
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
  private static final int MOST_OF_A_FAILURE = 2000;

  private final Sql sql;
  private final ServerSecrets secrets;
  private final Json json;
  private final Clock clock;
  private final CredentialStore credentials;
  private final Duration checkEvery;

  RemoteServerStore(
      Sql sql,
      ServerSecrets secrets,
      Json json,
      Clock clock,
      CredentialStore credentials,
      RemoteToolsConfig config) {
    this.sql = sql;
    this.secrets = secrets;
    this.json = json;
    this.clock = clock;
    this.credentials = credentials;
    this.checkEvery = config.checkEvery();
  }

  public Optional<RemoteServer> find(UUID installationId) {
    return findAll(List.of(installationId)).stream().findFirst();
  }

  /** The servers of those installations that have one, in no order. */
  public List<RemoteServer> findAll(Collection<UUID> installationIds) {
    return sql.statement(McpStatements.FIND)
        .with("ids", "uuid", installationIds)
        .list(RemoteServer::of);
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
    asked(McpStatements.ADD, installationId, asked).with("on_change", onChange.code()).run();
    keepCredential(installationId, asked, true);
  }

  /** Replaces the address and credentials; tools that waited to be accepted are dropped. */
  public void change(UUID installationId, AskedServer asked) {
    boolean isAnother =
        find(installationId).filter(now -> now.url().equals(asked.endpoint().url())).isEmpty();
    asked(McpStatements.CHANGE, installationId, asked).run();
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
    sql.statement(McpStatements.SET_ON_CHANGE)
        .with("id", installationId)
        .with("on_change", onChange.code())
        .run();
  }

  /** Stores that the server's tools could not be listed. */
  public void noteFailure(UUID installationId, McpException why) {
    sql.statement(McpStatements.NOTE_FAILURE)
        .with("id", installationId)
        .with("failure", WellFormed.cut(VisibleText.of(why.sentence()), MOST_OF_A_FAILURE))
        .with("refused", why.kind() == McpException.Kind.UNAUTHORIZED)
        .with("now", clock.instant())
        .with("next", next())
        .run();
  }

  /**
   * Stores the result of listing the server's tools.
   *
   * @param waits whether they wait to be accepted
   */
  public void noteList(UUID installationId, FoundTools found, boolean waits) {
    sql.statement(McpStatements.NOTE_LIST)
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
    sql.statement(McpStatements.NOTE_ACCEPTED).with("id", installationId).run();
  }

  /** Stores the revision that a server uses now. */
  void noteRevision(UUID installationId, String revision) {
    sql.statement(McpStatements.NOTE_REVISION)
        .with("id", installationId)
        .with("revision", revision)
        .run();
  }

  /** Schedules an early check of the server, unless it has just been checked. */
  void checkSoon(UUID installationId) {
    sql.statement(McpStatements.CHECK_SOON)
        .with("id", installationId)
        .with("now", clock.instant())
        .with("before", clock.instant().minus(1, ChronoUnit.MINUTES))
        .run();
  }

  /** Claims servers that are due; no other process gets them until their next check. */
  public List<UUID> takeDue(int most) {
    return sql.statement(McpStatements.TAKE_DUE)
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
