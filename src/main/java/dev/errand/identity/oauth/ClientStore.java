package dev.errand.identity.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.http.Tagged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores clients. */
@ApplicationScoped
public class ClientStore {
  private static final Duration UNUSED = Duration.ofDays(1);
  private static final int LONGEST = 2000;

  private final Sql sql;
  private final Clock clock;

  ClientStore(Sql sql, Clock clock) {
    this.sql = sql;
    this.clock = clock;
  }

  /** The client that is known by that id, if there is one. */
  public Optional<OAuthClient> find(String clientId) {
    return clientId.length() > LONGEST
        ? Optional.empty()
        : sql.statement(ClientStatements.BY_CLIENT_ID)
            .by("client_id", clientId)
            .first(OAuthClient.class);
  }

  /**
   * Stores a client that gets a grant; one with a document is stored as the document describes it.
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public UUID keep(OAuthClient client) {
    return client.kind() == OAuthClient.Kind.DOCUMENT
        ? with(ClientStatements.KEEP_DOCUMENT, client, null).one(row -> row.id("id"))
        : client.id();
  }

  /**
   * Stores a new client.
   *
   * @param network from where it registered itself; null where it did not
   */
  void insert(OAuthClient client, @Nullable String network) {
    with(ClientStatements.INSERT, client, network).run();
  }

  private SqlStatement with(String statement, OAuthClient client, @Nullable String network) {
    return sql.statement(statement)
        .with(client)
        .with("now", clock.instant())
        .with("network", network)
        .with("etag", Tagged.fresh());
  }

  /** How many have registered themselves; no more than {@code most} are counted. */
  long countRegistered(int most) {
    return sql.statement(ClientStatements.COUNT_REGISTERED)
        .with("most", most)
        .one(row -> row.number("clients"));
  }

  /** Removes clients without a grant for a day, 100 at most. */
  void removeUnused() {
    sql.statement(ClientStatements.DELETE_UNUSED).with("unused_ms", UNUSED.toMillis()).run();
  }

  /** Removes the oldest clients without a grant of networks that have more than a share of them. */
  void removeBeyondShares(int share) {
    sql.statement(ClientStatements.DELETE_BEYOND_SHARES).with("share", share).run();
  }

  /**
   * Removes clients that registered themselves and have no grant: the oldest ones, or, where all
   * are young, those of the networks that have most.
   *
   * @param grace how old they are at least, to be removed first
   * @return how many; 0 where all have grants
   */
  int makeRoom(Duration grace, int most) {
    int old =
        sql.statement(ClientStatements.DELETE_OLDEST)
            .with("grace_ms", grace.toMillis())
            .with("most", most)
            .update();
    return old > 0
        ? old
        : sql.statement(ClientStatements.DELETE_OF_LARGEST).with("most", most).update();
  }
}
