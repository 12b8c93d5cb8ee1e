package dev.errand.identity.signin;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.ClientNetwork;
import dev.errand.base.http.PathId;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.PasswordHash;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.SessionConfig;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Signs users in by password, and lists and ends their sessions. */
@ApplicationScoped
public class SessionService {
  /** Stands for the session of the request. */
  public static final String CURRENT = "current";

  private static final byte[] NONE = new byte[0];
  private static final int LOOKUP_PATIENCE_SECONDS = 5;

  // However many try to sign in, they leave most of the database's connections to others.
  private final Semaphore lookups = new Semaphore(2, true);

  private final AttemptLimits limits;
  private final PasswordHasher hasher;
  private final SecurityIdentity identity;
  private final Sql sql;
  private final Clock clock;
  private final SessionConfig config;
  private final Audit audit;

  SessionService(
      AttemptLimits limits,
      PasswordHasher hasher,
      SecurityIdentity identity,
      Sql sql,
      Clock clock,
      SessionConfig config,
      Audit audit) {
    this.limits = limits;
    this.hasher = hasher;
    this.identity = identity;
    this.sql = sql;
    this.clock = clock;
    this.config = config;
    this.audit = audit;
  }

  /**
   * A user who may sign in.
   *
   * @param addresses where they are signed in, separated by blanks; null for nowhere
   */
  @RegisterForReflection
  private record Account(
      UUID id, @Column(name = "password_hash") @Nullable String hash, @Nullable String addresses) {
    boolean isSignedInAt(String network) {
      return addresses != null
          && Stream.of(addresses.split(" ")).map(ClientNetwork::of).anyMatch(network::equals);
    }
  }

  /**
   * Signs a user in.
   *
   * @throws ApiException {@link ErrorCode#SIGN_IN_REFUSED}, whatever the reason is, {@link
   *     ErrorCode#RATE_LIMITED} or {@link ErrorCode#UNAVAILABLE}
   */
  public SignedIn signIn(SignInRequest wanted, SignInDevice device) {
    wanted.check();
    String username = wanted.username();
    String network = device.network();
    limits.count(network);
    Optional<Account> account = lookUp(username);
    boolean known = account.filter(user -> user.isSignedInAt(network)).isPresent();
    limits.count(username, network, known);
    // Always, so that the time reveals nothing.
    String hash = account.map(Account::hash).orElse(null);
    if (!hasher.run(() -> PasswordHash.matches(wanted.password(), hash), network, known)
        || account.isEmpty()
        || hash == null) {
      throw refused();
    }
    return begin(account.get().id, hash, device, AuditAction.SESSION_STARTED)
        .orElseThrow(SessionService::refused);
  }

  private Optional<Account> lookUp(String username) {
    try {
      if (!lookups.tryAcquire(LOOKUP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw PasswordHasher.busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PasswordHasher.busy();
    }
    try {
      return sql.statement(SessionStatements.PASSWORD)
          .by("username", username)
          .with("now", clock.instant())
          .first(Account.class);
    } finally {
      lookups.release();
    }
  }

  /**
   * Begins a session of a user.
   *
   * @param passwordHash the hash of the password that was checked or set
   * @param by the action that began it, for the audit
   * @return empty where the user is disabled, or the password was changed meanwhile
   */
  @Transactional
  public Optional<SignedIn> begin(
      UUID accountId, String passwordHash, SignInDevice device, AuditAction by) {
    return add(
        sql.statement(SessionStatements.ADD).with("password_hash", passwordHash),
        accountId,
        device,
        by);
  }

  /**
   * Begins a session of a user whom an OpenID provider has authenticated.
   *
   * @param sid the SHA-256 of the provider's id of its session; null where it names none
   * @return empty where the user is disabled
   */
  @Transactional
  public Optional<SignedIn> beginByOidc(
      UUID accountId, String issuer, byte @Nullable [] sid, SignInDevice device) {
    return addWithoutPassword(accountId, issuer, sid, device);
  }

  /**
   * Begins a session of a user who has used a link that signs in.
   *
   * @return empty where the user is disabled
   */
  @Transactional
  Optional<SignedIn> beginByLink(UUID accountId, SignInDevice device) {
    return addWithoutPassword(accountId, null, null, device);
  }

  private Optional<SignedIn> addWithoutPassword(
      UUID accountId, @Nullable String issuer, byte @Nullable [] sid, SignInDevice device) {
    return add(
        sql.statement(SessionStatements.ADD_WITHOUT_PASSWORD)
            .with("issuer", issuer)
            .with("sid", sid),
        accountId,
        device,
        AuditAction.SESSION_STARTED);
  }

  private Optional<SignedIn> add(
      SqlStatement insert, UUID accountId, SignInDevice device, AuditAction by) {
    String token = RandomText.generate();
    Instant now = clock.instant();
    Instant end = now.plus(config.absolute());
    Instant idle = now.plus(config.idle());
    Instant expires = idle.isBefore(end) ? idle : end;
    sql.statement(SessionStatements.DELETE_ENDED)
        .with("account_id", accountId)
        .with("now", now)
        .update();
    Optional<Caller> begun =
        insert
            .with("token_hash", Sha256.of(token))
            .with("account_id", accountId)
            .with("now", now)
            .with("expires_at", expires)
            .with("ends_at", end)
            .with("device", device.name())
            .with("address", device.address())
            .first(row -> Caller.of(accountId, row).bySession(row.id("id")));
    begun.ifPresent(user -> audit.record(user, by, path(user.rights().session()), null, null));
    return begun.map(user -> new SignedIn(token, expires));
  }

  private static String path(@Nullable UUID session) {
    return "sessions/" + session;
  }

  /** The error of every refused sign-in. */
  public static ApiException refused() {
    return new ApiException(
        ErrorCode.SIGN_IN_REFUSED,
        "The user's name or the password is wrong, or the user may not sign in.");
  }

  /**
   * The caller's sessions, newest first.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  @Transactional
  public List<SessionView> list(Caller caller) {
    caller.requireUnlimited(Scope.READ);
    return sql.statement(SessionStatements.LIST)
        .with("account_id", caller.id())
        .with("token_hash", current())
        .with("now", clock.instant())
        .list(SessionView.class);
  }

  /**
   * A session that has ended.
   *
   * @param subject what names the user at the provider by which it began; null where it began
   *     otherwise
   */
  @RegisterForReflection
  record Ended(UUID id, @Column(name = "current") boolean isCurrent, @Nullable String subject) {}

  /**
   * Ends a session of the caller.
   *
   * @param id its id, or {@value #CURRENT} for that of the request
   * @throws ApiException {@link ErrorCode#SESSION_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  @Transactional
  Ended end(Caller caller, String id) {
    caller.requireUnlimited(Scope.WRITE);
    SqlStatement end =
        id.equals(CURRENT)
            ? sql.statement(SessionStatements.END_CURRENT)
            : sql.statement(SessionStatements.END)
                .with("id", PathId.of(id).orElseThrow(() -> unknown(id)));
    Ended ended =
        end.with("account_id", caller.id())
            .with("token_hash", current())
            .first(Ended.class)
            .orElseThrow(() -> unknown(id));
    audit.record(caller, AuditAction.SESSION_ENDED, path(ended.id()), null, null);
    return ended;
  }

  /**
   * Ends the sessions that a user began by an OpenID provider, each with a line in the audit.
   *
   * @param user the user, with the program that ends them
   * @return how many there were
   */
  @Transactional
  public int endByOidc(Caller user, String issuer) {
    List<UUID> ended =
        sql.statement(SessionStatements.END_BY_OIDC)
            .with("account_id", user.id())
            .with("issuer", issuer)
            .list(row -> row.id("id"));
    for (UUID id : ended) {
      audit.record(user.bySession(id), AuditAction.SESSION_ENDED, path(id), null, null);
    }
    return ended.size();
  }

  /** Ends the sessions that a user signed in to, except that of the request. */
  @Transactional
  public void endOthers(UUID accountId) {
    sql.statement(SessionStatements.END_OTHERS)
        .with("account_id", accountId)
        .with("token_hash", current())
        .update();
  }

  /** Ends the sessions that a user signed in to. */
  @Transactional
  public void endAll(UUID accountId) {
    sql.statement(SessionStatements.END_OTHERS)
        .with("account_id", accountId)
        .with("token_hash", NONE)
        .update();
  }

  private byte[] current() {
    SessionCredential session = identity.getCredential(SessionCredential.class);
    return session == null ? NONE : session.tokenHash();
  }

  private static ApiException unknown(String id) {
    return new ApiException(ErrorCode.SESSION_NOT_FOUND, "You have no session " + id + ".");
  }
}
