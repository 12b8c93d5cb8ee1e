package dev.errand.identity.user;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.PasswordHash;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.signin.PasswordHasher;
import dev.errand.identity.signin.SessionService;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignedIn;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/** Creates and accepts the links by which users choose a password. */
@ApplicationScoped
public class InvitationService {
  private static final String WITHDRAW = "DELETE FROM invitation WHERE account_id = :account_id";

  private static final String ADD =
      """
      INSERT INTO invitation (code_hash, account_id, created_at, expires_at)
      VALUES (:code_hash, :account_id, :now, :expires_at)
      """;

  private static final String GOOD =
      """
      SELECT account.id FROM invitation JOIN account ON account.id = account_id
      WHERE code_hash = :code_hash AND expires_at > :now AND disabled_at IS NULL
        AND kind = 'person'
      """;

  /** The request that deletes the row may use the link; one that waited for it finds none. */
  private static final String TAKE =
      "DELETE FROM invitation WHERE code_hash = :code_hash AND expires_at > :now";

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final SessionService sessions;
  private final PasswordHasher hasher;
  private final PublicUrl publicUrl;
  private final Sql sql;
  private final Clock clock;
  private final InvitationConfig config;
  private final InvitationMail mail;

  InvitationService(
      SessionService sessions,
      PasswordHasher hasher,
      PublicUrl publicUrl,
      Sql sql,
      Clock clock,
      InvitationConfig config,
      InvitationMail mail) {
    this.sessions = sessions;
    this.hasher = hasher;
    this.publicUrl = publicUrl;
    this.sql = sql;
    this.clock = clock;
    this.config = config;
    this.mail = mail;
  }

  /**
   * Creates a link for a user, which replaces former ones.
   *
   * @param otherwise the base of the link where no public one is configured
   * @return the link, which can't be read again
   */
  @Transactional
  public URI invite(UUID accountId, URI otherwise) {
    String code = RandomText.generate();
    Instant now = clock.instant();
    sql.statement(WITHDRAW).with("account_id", accountId).update();
    sql.statement(ADD)
        .with("code_hash", Sha256.of(code))
        .with("account_id", accountId)
        .with("now", now)
        .with("expires_at", now.plus(config.expires()))
        .update();
    return under(otherwise, "api/invitations/" + code);
  }

  /** Mails the invitation of a new person who has an address, and says how that ended. */
  UserView mailed(Caller by, UserView invited) throws InterruptedException {
    URI link = invited.invitationUrl();
    String email = invited.email();
    return link == null || email == null
        ? invited
        : invited.with(
            link,
            mail.send(
                    new InvitationMail.Invitation(
                        invited.username(), email, by.username(), link, config.expires()))
                .orElse(null));
  }

  /**
   * The page on which the user of a link chooses a password. It has the code in its fragment, which
   * no browser sends.
   *
   * @param otherwise the base of the page where no public one is configured
   * @throws ApiException {@link ErrorCode#INVITATION_NOT_FOUND} where it can't be a code
   */
  URI page(String code, URI otherwise) {
    if (!CODE.matcher(code).matches()) {
      throw notFound();
    }
    return under(otherwise, "sign-in#invitations/" + code);
  }

  private URI under(URI otherwise, String path) {
    String base = publicUrl.orElse(() -> otherwise).toString();
    return URI.create(base + (base.endsWith("/") ? "" : "/") + path);
  }

  /**
   * Sets the password of the user whose link it is, ends the user's other sessions, and signs in.
   *
   * @throws ApiException {@link ErrorCode#INVITATION_NOT_FOUND} where the link is unknown, was used
   *     or has expired, {@link ErrorCode#UNAVAILABLE}, or when the password is not valid
   */
  public SignedIn accept(String code, InvitationRequest wanted, SignInDevice device) {
    byte[] codeHash = Sha256.of(code);
    UUID accountId =
        sql.statement(GOOD)
            .with("code_hash", codeHash)
            .with("now", clock.instant())
            .first(row -> row.id("id"))
            .orElseThrow(InvitationService::notFound);
    wanted.check();
    // Outside of a transaction: it takes up to seconds.
    String hash = hasher.run(() -> PasswordHash.of(wanted.password()), device.network(), false);
    return QuarkusTransaction.requiringNew().call(() -> accept(codeHash, accountId, hash, device));
  }

  private SignedIn accept(byte[] codeHash, UUID accountId, String hash, SignInDevice device) {
    int taken =
        sql.statement(TAKE).with("code_hash", codeHash).with("now", clock.instant()).update();
    if (taken == 0) {
      throw notFound();
    }
    sql.statement(WITHDRAW).with("account_id", accountId).update();
    sql.statement(UserStatements.SET_PASSWORD)
        .with("account_id", accountId)
        .with("hash", hash)
        .update();
    sessions.endAll(accountId);
    return sessions
        .begin(accountId, hash, device, AuditAction.INVITATION_ACCEPTED)
        .orElseThrow(InvitationService::notFound);
  }

  private static ApiException notFound() {
    return new ApiException(
        ErrorCode.INVITATION_NOT_FOUND,
        "This link is not known, was used or has expired: ask an admin for another one.");
  }
}
