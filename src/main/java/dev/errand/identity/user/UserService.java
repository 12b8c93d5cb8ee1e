package dev.errand.identity.user;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.NameRule;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.UserKind;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.account.Users;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileStore;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists, creates, changes, disables and deletes users. */
@ApplicationScoped
public class UserService {
  private final UserChanges changes;
  private final InvitationService invitations;
  private final ProfileStore profiles;
  private final Sql sql;
  private final Clock clock;
  // UserDeletion and UserDisabled.
  private final Event<Object> events;
  private final Audit audit;

  UserService(
      UserChanges changes,
      InvitationService invitations,
      ProfileStore profiles,
      Sql sql,
      Clock clock,
      Event<Object> events,
      Audit audit) {
    this.changes = changes;
    this.invitations = invitations;
    this.profiles = profiles;
    this.sql = sql;
    this.clock = clock;
    this.events = events;
    this.audit = audit;
  }

  /** The result of {@link #put}. */
  public record SavedUser(UserView user, boolean created) {}

  /** The caller; empty where the user was deleted since the request was let in. */
  @Transactional
  public Optional<MeView> me(Caller caller) {
    return Account.<Account>findByIdOptional(caller.id()).map(MeView::of);
  }

  /**
   * All users, by name.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  @Transactional
  public List<UserView> list(Caller caller) {
    caller.requireUnlimited(Scope.ADMIN);
    return Account.<Account>listAll(Sort.by("username")).stream().map(UserView::of).toList();
  }

  /**
   * Creates a user, with a profile named {@code default}, or changes one. Disabling a user ends
   * their sessions. A new person with an address gets the invitation by mail, where that is set up.
   *
   * @param base the base of the invitation where no public one is configured
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}, {@link ErrorCode#LAST_ADMIN}, {@link
   *     ErrorCode#ALREADY_EXISTS} for a name that differs from another user's in upper and lower
   *     case alone, or when the request is not valid; nothing is changed then
   */
  public SavedUser put(Caller caller, String name, UserRequest wanted, URI base)
      throws InterruptedException {
    return invited(caller, name, wanted, base, false);
  }

  /**
   * Creates a user as {@link #put} does.
   *
   * @throws ApiException as {@link #put}, and {@link ErrorCode#ALREADY_EXISTS} for any name of a
   *     user
   */
  public SavedUser create(Caller caller, String name, UserRequest wanted, URI base)
      throws InterruptedException {
    return invited(caller, name, wanted, base, true);
  }

  // A mail server may take its time, and the user is there by then.
  private SavedUser invited(
      Caller caller, String name, UserRequest wanted, URI base, boolean isWantedNew)
      throws InterruptedException {
    SavedUser saved =
        QuarkusTransaction.requiringNew().call(() -> save(caller, name, wanted, base, isWantedNew));
    return new SavedUser(invitations.mailed(caller, saved.user()), saved.created());
  }

  private SavedUser save(
      Caller caller, String name, UserRequest wanted, URI base, boolean isWantedNew) {
    caller.requireUnlimited(Scope.ADMIN);
    String username = caller.nameOf(name);
    wanted.check();
    @Nullable String role = wanted.role();
    String kind = wanted.kind();
    String email = wanted.wantedEmail();
    List<UUID> admins = changes.admins();
    Optional<Account> earlier = Account.toChange(username);
    boolean isNew =
        earlier.isEmpty()
            && add(
                username,
                wanted.requiredRole(),
                kind == null ? UserKind.PERSON.code() : kind,
                email,
                wanted);
    Account known = earlier.or(() -> Account.toChange(username)).orElseThrow(() -> taken(username));
    UserView before = UserView.of(known);
    if (!isNew && isWantedNew) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "The user %s already exists: choose another name, or change that user."
              .formatted(username));
    }
    if (!isNew) {
      if (kind != null && !kind.equals(known.kind)) {
        throw ApiException.invalid(
            "kind", "can't be changed: delete the user, or choose another name");
      }
      change(known, role == null ? known.role : role, email, wanted.disabled(), admins);
    }
    UserView user = UserView.of(known);
    audit.record(
        caller,
        isNew ? AuditAction.USER_CREATED : AuditAction.USER_CHANGED,
        path(username),
        isNew ? null : before,
        user);
    boolean isInvited = isNew && user.kind().equals(UserKind.PERSON.code());
    return new SavedUser(
        isInvited ? user.with(invitations.invite(known.id, base), null) : user, isNew);
  }

  private boolean add(
      String username, String role, String kind, @Nullable String email, UserRequest wanted) {
    NameRule.PLAIN.check("name", "is", username);
    if (UserChanges.isReserved(username)) {
      throw ApiException.invalid("name", "is reserved for servlets that belong to no user");
    }
    Instant disabledAt = Boolean.TRUE.equals(wanted.disabled()) ? clock.instant() : null;
    return changes
        .add(username, role, kind, email == null || email.isEmpty() ? null : email, disabledAt)
        .isPresent();
  }

  private void change(
      Account known,
      String role,
      @Nullable String email,
      @Nullable Boolean disabled,
      List<UUID> admins) {
    Instant since = known.disabledAt;
    Instant disabledAt =
        disabled == null ? since : disabled ? (since == null ? clock.instant() : since) : null;
    if (disabledAt != null || !role.equals(UserRole.ADMIN.code())) {
      checkNotLast(known, admins);
    }
    String address = email == null ? known.email : email.isEmpty() ? null : email;
    known.role = role;
    known.emailVerified &= Objects.equals(known.email, address);
    known.email = address;
    known.disabledAt = disabledAt;
    Account.flush();
    if (disabledAt != null) {
      sql.statement(UserStatements.END_SESSIONS).with("id", known.id).update();
      sql.statement(UserStatements.END_INVITATIONS).with("id", known.id).update();
      events.fire(new UserDisabled(known.id, since != null));
    }
  }

  /**
   * Creates a link by which a person chooses another password. The present one is valid until then.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}, {@link ErrorCode#USER_NOT_FOUND}, or when
   *     the user is a service
   */
  @Transactional
  public PasswordReset resetPassword(Caller caller, String name, URI base) {
    caller.requireUnlimited(Scope.ADMIN);
    Account known = Account.toChange(caller.nameOf(name)).orElseThrow(() -> Users.unknown(name));
    if (!known.kind.equals(UserKind.PERSON.code())) {
      throw ApiException.invalid("name", "belongs to a service, which has no password");
    }
    audit.record(caller, AuditAction.USER_RESET, path(known.username), null, null);
    return new PasswordReset(invitations.invite(known.id, base));
  }

  /**
   * Deletes a user with everything they own: profiles, tasks, runs, servlets, sessions.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}, {@link ErrorCode#USER_NOT_FOUND}, {@link
   *     ErrorCode#LAST_ADMIN}, {@link ErrorCode#SERVLET_IN_USE}, or {@link
   *     ErrorCode#USER_HAS_LIVE_RUNS} without force
   */
  @Transactional
  public void delete(Caller caller, String name, boolean force) {
    caller.requireUnlimited(Scope.ADMIN);
    String username = caller.nameOf(name);
    List<UUID> admins = changes.admins();
    Account known = Account.toChange(username).orElseThrow(() -> Users.unknown(username));
    checkNotLast(known, admins);
    UserView before = UserView.of(known);
    profiles.lockAllOf(known.id);
    events.fire(new UserDeletion(known.id, username, force));
    known.delete();
    Account.flush();
    audit.record(caller, AuditAction.USER_DELETED, path(username), before, null);
  }

  static String path(String username) {
    return "users/" + username;
  }

  private static void checkNotLast(Account known, List<UUID> admins) {
    if (admins.equals(List.of(known.id))) {
      throw new ApiException(
          ErrorCode.LAST_ADMIN,
          "%s is the only admin who can sign in: give another person the role `admin` before."
              .formatted(known.username));
    }
  }

  private ApiException taken(String username) {
    return sql.statement(UserStatements.NAMED_ALIKE)
        .with("username", username)
        .first(
            row ->
                new ApiException(
                    ErrorCode.ALREADY_EXISTS,
                    "There is a user "
                        + row.text("username")
                        + ": names of users must differ in more than upper and lower case."))
        .orElseGet(() -> Users.unknown(username));
  }
}
