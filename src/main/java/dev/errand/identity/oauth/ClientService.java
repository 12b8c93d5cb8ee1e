package dev.errand.identity.oauth;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.Precondition;
import dev.errand.base.http.Tagged;
import dev.errand.base.limit.FittingItems;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The clients that admins see: those that they create by hand, because they can't register
 * themselves, and those that did.
 */
@ApplicationScoped
public class ClientService {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~-]{0,63}");

  private final Sql sql;
  private final ClientStore clients;
  private final FittingItems memory;
  private final Audit audit;
  private final Precondition precondition;

  ClientService(
      Sql sql, ClientStore clients, FittingItems memory, Audit audit, Precondition precondition) {
    this.memory = memory;
    this.sql = sql;
    this.clients = clients;
    this.audit = audit;
    this.precondition = precondition;
  }

  /**
   * A client, and whether it is new.
   *
   * @param client the client, with its secret where it has just got one
   */
  record Put(ClientView client, boolean isNew) {}

  private record StoredClient(OAuthClient client, ClientView view) {
    static StoredClient of(Row row) {
      return new StoredClient(row.as(OAuthClient.class), ClientView.of(row));
    }
  }

  /**
   * Creates a client, or changes it. One that has a secret keeps it, unless it becomes public.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}, or when the request is not valid
   */
  @Transactional
  Put put(Caller caller, String name, ClientRequest wanted) {
    caller.requireUnlimited(Scope.ADMIN);
    if (!NAME.matcher(name).matches() || name.startsWith(Registration.PREFIX)) {
      throw ApiException.invalid(
          "name",
          "must be 1 to 64 of A-Z a-z 0-9 . _ ~ -, begin with a letter or digit, and not begin with"
              + " "
              + Registration.PREFIX);
    }
    List<String> uris = wanted.wantedUris();
    @Nullable StoredClient before = find(ClientStatements.LOCK_MANUAL, name).orElse(null);
    precondition.check(before == null ? null : before.view);
    byte @Nullable [] known = before == null ? null : before.client.secretHash();
    String secret = wanted.wantsSecret() && known == null ? ClientSecret.random() : null;
    byte @Nullable [] hash =
        secret != null ? Sha256.of(secret) : wanted.wantsSecret() ? known : null;
    if (before != null) {
      sql.statement(ClientStatements.CHANGE)
          .with("id", before.client.id())
          .with("redirect_uris", "text", uris)
          .with("secret_hash", hash)
          .with("etag", Tagged.fresh())
          .run();
    } else {
      clients.insert(
          new OAuthClient(UUID.randomUUID(), name, OAuthClient.Kind.MANUAL, name, uris, hash),
          null);
    }
    ClientView old = before == null ? null : before.view;
    ClientView now = require(ClientStatements.SHOWN_BY_ID, name).view;
    AuditAction action = old == null ? AuditAction.CLIENT_CREATED : AuditAction.CLIENT_CHANGED;
    if (secret == null) {
      audit.record(caller, action, path(name), old, now);
    } else {
      audit.record(caller, action, path(name), old, now, "client_secret");
    }
    return new Put(now.withSecret(secret), old == null);
  }

  /**
   * A part of the clients of a kind, by their ids.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  Listed<ClientView> list(Caller caller, OAuthClient.Kind kind, Part part) {
    caller.requireUnlimited(Scope.ADMIN);
    return memory.read(
        caller.username(),
        part.limit(),
        part(ClientStatements.SIZES, kind, part.after(), part.read())
            .list(row -> row.number("bytes")),
        most -> part(ClientStatements.LIST, kind, part.after(), most).list(ClientView::of));
  }

  private SqlStatement part(String statement, OAuthClient.Kind kind, String after, int most) {
    return sql.statement(statement)
        .with("kind", kind.code())
        .with("after", after)
        .with("most", most);
  }

  /**
   * A client that was made by hand, or registered itself.
   *
   * @throws ApiException {@link ErrorCode#CLIENT_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  ClientView get(Caller caller, String name) {
    caller.requireUnlimited(Scope.ADMIN);
    return require(ClientStatements.SHOWN_BY_ID, name).view;
  }

  /** Deletes a client, and ends its grants. */
  @Transactional
  void delete(Caller caller, String name) {
    caller.requireUnlimited(Scope.ADMIN);
    StoredClient old = require(ClientStatements.LOCK_SHOWN, name);
    precondition.check(old.view);
    sql.statement(ClientStatements.DELETE).with("id", old.client.id()).run();
    audit.record(caller, AuditAction.CLIENT_DELETED, path(name), old.view, null);
  }

  private StoredClient require(String statement, String name) {
    return find(statement, name).orElseThrow(() -> unknown(name));
  }

  private Optional<StoredClient> find(String statement, String name) {
    return NAME.matcher(name).matches()
        ? sql.statement(statement).with("client_id", name).first(StoredClient::of)
        : Optional.empty();
  }

  private static String path(String name) {
    return "oauth/clients/" + name;
  }

  private static ApiException unknown(String name) {
    return new ApiException(
        ErrorCode.CLIENT_NOT_FOUND, "There is no registered client " + name + ".");
  }
}
