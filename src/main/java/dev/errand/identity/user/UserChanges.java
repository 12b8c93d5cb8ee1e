package dev.errand.identity.user;

import dev.errand.base.database.Sql;
import dev.errand.base.field.NameRule;
import dev.errand.identity.account.User;
import dev.errand.identity.account.UserKind;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.profile.ProfileStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds users and changes their roles, for admins and for sign-ins alike. */
@ApplicationScoped
public class UserChanges {
  // Reserved owners of servlets that belong to no user.
  private static final Set<String> RESERVED = Set.of("errand", "mcp");

  private final ProfileStore profiles;
  private final Sql sql;
  private final Clock clock;
  private final Event<UserCreated> created;

  UserChanges(ProfileStore profiles, Sql sql, Clock clock, Event<UserCreated> created) {
    this.profiles = profiles;
    this.sql = sql;
    this.clock = clock;
    this.created = created;
  }

  /** Whether a name is reserved for servlets that belong to no user. */
  static boolean isReserved(String username) {
    return RESERVED.contains(username.toLowerCase(Locale.ROOT));
  }

  /**
   * Adds a person, with a profile named {@code default}.
   *
   * @return the user's id; empty where there is such a user, or no user may have the name
   */
  @Transactional
  public Optional<UUID> addPerson(String username, UserRole role) {
    return NameRule.PLAIN.admits(username) && !isReserved(username)
        ? add(username, role.code(), UserKind.PERSON.code(), null, null)
        : Optional.empty();
  }

  /** Adds a user of a valid name, with a profile; empty where there is such a user. */
  Optional<UUID> add(
      String username,
      String role,
      String kind,
      @Nullable String email,
      @Nullable Instant disabledAt) {
    Optional<UUID> added = insert(username, role, kind, email, disabledAt);
    added.flatMap(profiles::addDefault).map(UserCreated::new).ifPresent(created::fire);
    return added;
  }

  private Optional<UUID> insert(
      String username,
      String role,
      String kind,
      @Nullable String email,
      @Nullable Instant disabledAt) {
    UUID id = UUID.randomUUID();
    int added =
        sql.statement(UserStatements.ADD)
            .with("id", id)
            .with("username", username)
            .with("role", role)
            .with("kind", kind)
            .with("email", email)
            .with("disabled_at", disabledAt)
            .with("now", clock.instant())
            .update();
    return added == 0 ? Optional.empty() : Optional.of(id);
  }

  /** Adds the user that every installation has, without a profile, unless there is one. */
  public void addAdmin() {
    var _ = insert(User.ADMIN, UserRole.ADMIN.code(), UserKind.PERSON.code(), null, null);
  }

  /**
   * Makes sure that a user is an enabled admin.
   *
   * @return whether it was none
   */
  public boolean letIn(UUID id) {
    return sql.statement(UserStatements.LET_IN).with("id", id).update() > 0;
  }

  /**
   * Notes the address of a user that a provider has confirmed.
   *
   * @return whether that is new
   */
  public boolean verifyEmail(UUID id, String email) {
    return sql.statement(UserStatements.VERIFY_EMAIL).with("id", id).with("email", email).update()
        > 0;
  }

  /**
   * Gives a user another role.
   *
   * @return whether the user has it now; the only admin who can sign in stays one
   */
  @Transactional
  public boolean changeRole(UUID id, UserRole role) {
    if (role != UserRole.ADMIN && admins().equals(List.of(id))) {
      return false;
    }
    Account.update("role = ?1 where id = ?2", role.code(), id);
    return true;
  }

  /** The admins who can sign in. Changes of users wait for each other here. */
  List<UUID> admins() {
    return sql.statement(UserStatements.ADMINS).list(row -> row.id("id"));
  }
}
