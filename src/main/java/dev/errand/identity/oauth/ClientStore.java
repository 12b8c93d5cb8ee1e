package dev.errand.identity.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

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
        ? with(ClientStatements.KEEP_DOCUMENT, client).one(row -> row.id("id"))
        : client.id();
  }

  void insert(OAuthClient client) {
    with(ClientStatements.INSERT, client).run();
  }

  private SqlStatement with(String statement, OAuthClient client) {
    return sql.statement(statement).with(client).with("now", clock.instant());
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
}
