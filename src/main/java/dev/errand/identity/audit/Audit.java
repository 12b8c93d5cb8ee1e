package dev.errand.identity.audit;

import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Records who changed what. A line is part of the transaction of the change: there is none without
 * the other.
 */
@ApplicationScoped
public class Audit {
  private final Sql sql;
  private final Clock clock;
  private final CurrentVertxRequest http;
  private final Json json;
  private final Event<Audited> lines;
  private final AuditChanges changes;

  Audit(Sql sql, Clock clock, CurrentVertxRequest http, Json json, Event<Audited> lines) {
    this.sql = sql;
    this.clock = clock;
    this.http = http;
    this.json = json;
    this.lines = lines;
    this.changes = new AuditChanges(json);
  }

  /**
   * Adds a line, with the address and the id of the current request if there is one. Each operation
   * that succeeds adds one, also where it changed nothing.
   *
   * @param object what it was done to, as a path such as {@code tasks/ada/default/digest}, with the
   *     names of users and profiles instead of {@code ~}
   * @param before a view of the object as it was, without secrets; null where there was none, or
   *     where it does not matter
   * @param after a view of the object as it is, without secrets; null where there is none any more,
   *     or where it does not matter
   * @param secrets the paths of secrets that were changed, such as {@code settings.key}
   * @throws jakarta.transaction.TransactionalException outside of a transaction
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void record(
      Caller caller,
      AuditAction action,
      String object,
      @Nullable Object before,
      @Nullable Object after,
      String... secrets) {
    Rights rights = caller.rights();
    Rights.ByToken token = rights.token();
    RequestOrigin origin = RequestOrigin.of(http);
    sql.statement(AuditStatements.ADD)
        .with("at", clock.instant())
        .with("actor", caller.username())
        .with("token_id", token == null ? null : token.id())
        .with("session_id", rights.session())
        .with("client", rights.client())
        .with("action", action.code())
        .with("object", object)
        .with("changes", json.write(changes.between(before, after, secrets)))
        .with("address", origin.address())
        .with("request_id", origin.requestId())
        .update();
    lines.fire(new Audited(action));
  }
}
