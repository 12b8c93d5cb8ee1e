package dev.errand.identity.oidc;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.oidc.OidcRules.Grant;
import dev.errand.identity.signin.SessionService;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignedIn;
import dev.errand.identity.user.EmailVerified;
import dev.errand.identity.user.UserChanges;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Signs in the users that a provider has authenticated, and creates them at their first sign-in.
 * Issuer and subject name a person; names and email addresses, which change hands, never do.
 */
@ApplicationScoped
public class OidcUsers {
  /** The client in the audit for changes that a provider causes. */
  public static final String CLIENT = "oidc";

  private static final Logger LOG = Logger.getLogger(OidcUsers.class);

  private final OidcRules rules;
  private final UserChanges users;
  private final GroupMemberships memberships;
  private final SessionService sessions;
  private final Audit audit;
  private final Event<EmailVerified> verified;
  private final Sql sql;
  private final Clock clock;

  OidcUsers(
      OidcRules rules,
      UserChanges users,
      GroupMemberships memberships,
      SessionService sessions,
      Audit audit,
      Event<EmailVerified> verified,
      Sql sql,
      Clock clock) {
    this.rules = rules;
    this.users = users;
    this.memberships = memberships;
    this.sessions = sessions;
    this.audit = audit;
    this.verified = verified;
    this.sql = sql;
    this.clock = clock;
  }

  private record LinkedUser(UUID id, String username, UserRole role, boolean isDisabled) {
    static LinkedUser of(Row row) {
      return new LinkedUser(
          row.id("id"),
          row.text("username"),
          UserRole.of(row.text("role")),
          row.timeOrNull("disabled_at") != null);
    }
  }

  /**
   * Signs in a person whose groups or domain allow it; the role and the profiles follow the groups.
   * Where they no longer allow it, the rights that the person had by them are withdrawn.
   *
   * @throws ApiException {@link ErrorCode#FORBIDDEN} where the person may not sign in, or the user
   *     is disabled; nothing is changed for a disabled user
   */
  public SignedIn signIn(OidcPerson person, SignInDevice device) {
    Optional<Grant> grant = rules.grantOf(person);
    if (grant.isPresent()) {
      return QuarkusTransaction.joiningExisting().call(() -> signIn(person, grant.get(), device));
    }
    // The withdrawal is committed before the error is thrown.
    int ended =
        QuarkusTransaction.joiningExisting().call(() -> withdraw(person, rules.isRoleByGroup()));
    throw new ApiException(
        ErrorCode.FORBIDDEN,
        ("%s may not sign in here: neither one of your groups nor the domain of your"
                + " verified email address is allowed.%s Ask the operator of this service.")
            .formatted(
                person.shown(),
                ended == 0 ? "" : " Your sessions that began by single sign-on have ended."));
  }

  private SignedIn signIn(OidcPerson person, Grant grant, SignInDevice device) {
    takeTurn(person);
    LinkedUser user = known(person).orElseGet(() -> add(person, grant));
    if (user.isDisabled) {
      throw disabled(user);
    }
    Caller caller = caller(user);
    if (grant.isRoleByGroup() && user.role != grant.role()) {
      changeRole(user, grant.role(), caller);
    }
    if (person.email() != null
        && person.isEmailVerified()
        && users.verifyEmail(user.id, person.email())) {
      verified.fire(new EmailVerified(user.id));
    }
    memberships.apply(caller, grant.profiles());
    String session = person.session();
    return sessions
        .beginByOidc(user.id, person.issuer(), session == null ? null : Sha256.of(session), device)
        .orElseThrow(() -> disabled(user));
  }

  /**
   * Withdraws what a person who may no longer sign in has by groups: the sessions started by the
   * provider, the memberships and, where groups decide it, the role of an admin.
   *
   * @return how many sessions have ended
   */
  private int withdraw(OidcPerson person, boolean isRoleByGroup) {
    takeTurn(person);
    Optional<LinkedUser> known = known(person);
    if (known.isEmpty()) {
      return 0;
    }
    LinkedUser user = known.get();
    Caller caller = caller(user);
    if (isRoleByGroup && user.role != UserRole.MEMBER) {
      changeRole(user, UserRole.MEMBER, caller);
    }
    memberships.apply(caller, Map.of());
    return sessions.endByOidc(caller, person.issuer());
  }

  private void takeTurn(OidcPerson person) {
    sql.statement(OidcUserStatements.IN_TURN)
        .with("person", person.issuer() + " " + person.subject())
        .run();
  }

  private void changeRole(LinkedUser user, UserRole role, Caller caller) {
    if (users.changeRole(user.id, role)) {
      audit.record(
          caller,
          AuditAction.USER_CHANGED,
          "users/" + user.username,
          Map.of("role", user.role.code()),
          Map.of("role", role.code()));
    } else {
      LOG.warnf(
          "%s is no longer in a group of admins, but stays an admin as the only one who can sign in.",
          user.username);
    }
  }

  // Changes by groups are made in the name of the user.
  private static Caller caller(LinkedUser user) {
    return new Caller(user.id, user.username, Rights.of(user.role)).byClient(CLIENT);
  }

  private Optional<LinkedUser> known(OidcPerson person) {
    return sql.statement(OidcUserStatements.USER)
        .with("issuer", person.issuer())
        .with("subject", person.subject())
        .first(LinkedUser::of);
  }

  private LinkedUser add(OidcPerson person, Grant grant) {
    for (String name : UsernameProposals.of(person)) {
      Optional<UUID> id = users.addPerson(name, grant.role());
      if (id.isPresent()) {
        sql.statement(OidcUserStatements.LINK)
            .with("issuer", person.issuer())
            .with("subject", person.subject())
            .with("account_id", id.get())
            .with("now", clock.instant())
            .update();
        LinkedUser user = new LinkedUser(id.get(), name, grant.role(), false);
        audit.record(
            caller(user),
            AuditAction.USER_CREATED,
            "users/" + name,
            null,
            Map.of("role", grant.role().code()));
        return user;
      }
    }
    throw new IllegalStateException("No name is free for a person who signs in.");
  }

  private static ApiException disabled(LinkedUser user) {
    return new ApiException(
        ErrorCode.FORBIDDEN,
        "The user %s is disabled and can't sign in: ask an admin.".formatted(user.username));
  }
}
