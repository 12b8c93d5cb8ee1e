package dev.errand.identity.user;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.PasswordHash;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.User;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.account.Users;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.signin.PasswordHasher;
import dev.errand.identity.signin.SessionService;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignedIn;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes the first person, by a link that the service prints at its start. The digest of the newest
 * link is in the database, so it works once, whichever process is asked.
 */
@ApplicationScoped
public class SetUpService {
  /** How long a link works. */
  public static final Duration LIFE = Duration.ofHours(1);

  private final UserChanges changes;
  private final Users users;
  private final SessionService sessions;
  private final PasswordHasher hasher;
  private final Sql sql;
  private final Clock clock;
  private final Audit audit;

  // The first person stays, or another one does: after that nobody need be asked for.
  private volatile boolean isKnownToBeDone;

  SetUpService(
      UserChanges changes,
      Users users,
      SessionService sessions,
      PasswordHasher hasher,
      Sql sql,
      Clock clock,
      Audit audit) {
    this.changes = changes;
    this.users = users;
    this.sessions = sessions;
    this.hasher = hasher;
    this.sql = sql;
    this.clock = clock;
    this.audit = audit;
  }

  /** Whether there is nobody yet but {@code admin}, who can't sign in. */
  public boolean isOpen() {
    return sql.statement(UserStatements.HAS_NOBODY).one(row -> row.flag("has_nobody"));
  }

  /**
   * Makes a link, which replaces the one before.
   *
   * @return its code, which can't be read again; empty where there is a user already, and then no
   *     link works
   */
  @Transactional
  public Optional<String> offer() {
    if (!isOpen()) {
      withdraw();
      return Optional.empty();
    }
    String code = RandomText.generate();
    sql.statement(UserStatements.OFFER_SET_UP)
        .with("code_hash", Sha256.of(code))
        .with("expires_at", clock.instant().plus(LIFE))
        .update();
    return Optional.of(code);
  }

  /** Ends the link, if there is one. */
  public void withdraw() {
    sql.statement(UserStatements.WITHDRAW_SET_UP).update();
  }

  /** Whether there is a link that works. */
  public boolean isOffered() {
    if (isKnownToBeDone) {
      return false;
    }
    boolean isOpen = isOpen();
    isKnownToBeDone = !isOpen;
    return isOpen && link().filter(link -> link.isAt(clock.instant())).isPresent();
  }

  /**
   * Checks the code of a link.
   *
   * @throws ApiException {@link ErrorCode#SIGN_IN_REFUSED}, which says why it does not work
   */
  public void check(String code) {
    if (!isOpen()) {
      throw refused(
          "Errand is set up already: sign in. If that was not you, somebody else has read the link: stop the service,"
              + " and start it with ERRAND_BOOTSTRAP_SESSION, which lets you in as admin.");
    }
    Link link =
        link()
            .filter(newest -> Arrays.equals(newest.codeHash, Sha256.of(code)))
            .orElseThrow(
                () ->
                    refused(
                        "This is not the link that the service printed last: use the one of its last start, as a"
                            + " whole."));
    if (!link.isAt(clock.instant())) {
      throw refused("This link has expired, after an hour: start the service again for another.");
    }
  }

  /**
   * Makes the first person, an admin, and signs them in. A link whose request is refused can be
   * used again.
   *
   * @throws ApiException {@link ErrorCode#SIGN_IN_REFUSED} as {@link #check}, {@link
   *     ErrorCode#UNAVAILABLE}, or when the name or the password is not valid
   */
  public SignedIn use(String code, SetUpRequest wanted, SignInDevice device) {
    check(code);
    wanted.check();
    // Outside of a transaction: it takes up to seconds.
    String hash = hasher.run(() -> PasswordHash.of(wanted.password()), device.network(), false);
    return QuarkusTransaction.requiringNew().call(() -> use(code, wanted.username(), hash, device));
  }

  private SignedIn use(String code, String username, String hash, SignInDevice device) {
    // The request that deletes the row may use the link; one that waited for it finds none.
    int taken =
        sql.statement(UserStatements.TAKE_SET_UP)
            .with("code_hash", Sha256.of(code))
            .with("now", clock.instant())
            .update();
    if (taken == 0 || !isOpen()) {
      check(code);
      throw refused("This link was used meanwhile: sign in.");
    }
    UUID id = add(username);
    sql.statement(UserStatements.SET_PASSWORD).with("account_id", id).with("hash", hash).update();
    audit.record(
        new Caller(id, username, Rights.of(UserRole.ADMIN)),
        AuditAction.USER_CREATED,
        UserService.path(username),
        null,
        UserView.of(Account.toChange(username).orElseThrow()));
    return sessions
        .begin(id, hash, device, AuditAction.SESSION_STARTED)
        .orElseThrow(() -> new IllegalStateException("The first person can't sign in."));
  }

  private UUID add(String username) {
    if (username.equals(User.ADMIN)) {
      UUID id = users.named(User.ADMIN).orElseThrow().id();
      changes.letIn(id);
      return id;
    }
    return changes.addPerson(username, UserRole.ADMIN).orElseThrow();
  }

  private Optional<Link> link() {
    return sql.statement(UserStatements.SET_UP_LINK)
        .first(row -> new Link(row.bytes("code_hash"), row.time("expires_at")));
  }

  private record Link(byte[] codeHash, Instant expiresAt) {
    boolean isAt(Instant now) {
      return expiresAt.isAfter(now);
    }
  }

  private static ApiException refused(String why) {
    return new ApiException(ErrorCode.SIGN_IN_REFUSED, why);
  }
}
