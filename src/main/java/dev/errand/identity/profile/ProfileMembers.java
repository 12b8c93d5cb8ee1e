package dev.errand.identity.profile;

import dev.errand.base.database.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The users with whom profiles are shared, by owners or by the groups of an OpenID provider. Adding
 * and changing one is one statement, so that of two that share a profile with a user at the same
 * time neither fails.
 */
@ApplicationScoped
public class ProfileMembers {
  /** The owner, and then those with whom the profile is shared, by name. */
  private static final String LIST =
      """
      SELECT account.username, 'owner' AS role, profile.created_at, 0 AS rank
      FROM profile JOIN account ON account.id = profile.account_id WHERE profile.id = :profile_id
      UNION ALL
      SELECT account.username, member.exact_role AS role, member.created_at, 1
      FROM profile_member AS member JOIN account ON account.id = member.account_id
      WHERE member.profile_id = :profile_id
      ORDER BY rank, username
      """;

  private static final String GET_TO_CHANGE =
      """
      SELECT account.username, member.exact_role AS role, member.created_at
      FROM profile_member AS member JOIN account ON account.id = member.account_id
      WHERE member.profile_id = :profile_id AND account.username = :username
      FOR UPDATE OF member
      """;

  /** Adds a member by hand, so that groups no longer change it. */
  private static final String PUT =
      """
      INSERT INTO profile_member (profile_id, account_id, role, approves)
      VALUES (:profile_id, :account_id, :role, :approves)
      ON CONFLICT (profile_id, account_id) DO UPDATE
      SET role = excluded.role, approves = excluded.approves, by_group = false
      RETURNING exact_role AS role, created_at,
        (SELECT username FROM account WHERE id = :account_id) AS username, xmax = 0 AS created
      """;

  private static final String DELETE =
      """
      DELETE FROM profile_member USING account
      WHERE account.id = profile_member.account_id AND profile_member.profile_id = :profile_id
        AND account.username = :username
      """;

  private static final String OF_GROUPS =
      """
      SELECT member.profile_id, owner.username, profile.name, member.exact_role AS role
      FROM profile_member AS member JOIN profile ON profile.id = member.profile_id
      JOIN account AS owner ON owner.id = profile.account_id
      WHERE member.account_id = :account_id AND member.by_group
      FOR UPDATE OF member
      """;

  /** What an owner has decided stays. */
  private static final String PUT_BY_GROUP =
      """
      INSERT INTO profile_member (profile_id, account_id, role, approves, by_group)
      SELECT profile.id, :account_id, :role, :approves, true
      FROM account AS owner JOIN profile ON profile.account_id = owner.id
      WHERE owner.username = :owner AND profile.name = :profile AND owner.id <> :account_id
      ON CONFLICT (profile_id, account_id) DO UPDATE
      SET role = excluded.role, approves = excluded.approves
      WHERE profile_member.by_group
        AND (profile_member.role, profile_member.approves) <> (excluded.role, excluded.approves)
      """;

  private static final String DELETE_BY_GROUP =
      """
      DELETE FROM profile_member
      WHERE account_id = :account_id AND profile_id = :profile_id AND by_group
      """;

  private final Sql sql;

  ProfileMembers(Sql sql) {
    this.sql = sql;
  }

  /**
   * A member that was added or changed.
   *
   * @param created whether the user was not a member before
   */
  @RegisterForReflection
  public record SavedMember(MemberView member, boolean created) {}

  /** A profile that groups have shared with a user. */
  public record GroupShare(UUID profileId, ProfileSlug profile, String role) {}

  List<MemberView> list(UUID profileId) {
    return sql.statement(LIST).with("profile_id", profileId).list(MemberView.class);
  }

  /** A member, locked. */
  Optional<MemberView> toChange(UUID profileId, String username) {
    return sql.statement(GET_TO_CHANGE)
        .with("profile_id", profileId)
        .by("username", username)
        .first(MemberView.class);
  }

  SavedMember put(UUID profileId, UUID accountId, ProfileRole role) {
    return sql.statement(PUT)
        .with("profile_id", profileId)
        .with("account_id", accountId)
        .with("role", role.known().code())
        .with("approves", role == ProfileRole.APPROVER)
        .one(SavedMember.class);
  }

  void delete(UUID profileId, String username) {
    sql.statement(DELETE).with("profile_id", profileId).with("username", username).run();
  }

  /** The profiles that groups have shared with a user so far; they are locked as shared. */
  public List<GroupShare> ofGroups(UUID accountId) {
    return sql.statement(OF_GROUPS)
        .with("account_id", accountId)
        .list(
            row ->
                new GroupShare(
                    row.id("profile_id"),
                    new ProfileSlug(row.text("username"), row.text("name")),
                    row.text("role")));
  }

  /**
   * Shares a profile with a user whose groups say so.
   *
   * @return whether that changed something: not where there is no such profile, or an owner has
   *     shared it
   */
  public boolean putByGroup(UUID accountId, ProfileSlug profile, ProfileRole role) {
    return sql.statement(PUT_BY_GROUP)
            .with("account_id", accountId)
            .with("owner", profile.user())
            .with("profile", profile.name())
            .with("role", role.known().code())
            .with("approves", role == ProfileRole.APPROVER)
            .update()
        > 0;
  }

  public void deleteByGroup(UUID accountId, UUID profileId) {
    sql.statement(DELETE_BY_GROUP)
        .with("account_id", accountId)
        .with("profile_id", profileId)
        .run();
  }
}
