package dev.errand.identity.profile;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.User;
import dev.errand.identity.account.Users;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shares profiles with users. */
@ApplicationScoped
public class MemberService {
  /** The owner, and then those with whom the profile is shared, by name. */
  private static final String LIST =
      """
      SELECT account.username, 'owner' AS role, profile.created_at, 0 AS rank
      FROM profile JOIN account ON account.id = profile.account_id WHERE profile.id = :profile_id
      UNION ALL
      SELECT account.username, member.role, member.created_at, 1
      FROM profile_member AS member JOIN account ON account.id = member.account_id
      WHERE member.profile_id = :profile_id
      ORDER BY rank, username
      """;

  private static final String GET_TO_CHANGE =
      """
      SELECT account.username, member.role, member.created_at
      FROM profile_member AS member JOIN account ON account.id = member.account_id
      WHERE member.profile_id = :profile_id AND account.username = :username
      FOR UPDATE OF member
      """;

  /** Adds a member by hand, so that groups of an OpenID provider no longer change it. */
  private static final String PUT =
      """
      INSERT INTO profile_member (profile_id, account_id, role)
      VALUES (:profile_id, :account_id, :role)
      ON CONFLICT (profile_id, account_id) DO UPDATE SET role = excluded.role, by_group = false
      RETURNING role, created_at, (SELECT username FROM account WHERE id = :account_id) AS username,
        xmax = 0 AS created
      """;

  private static final String DELETE =
      """
      DELETE FROM profile_member USING account
      WHERE account.id = profile_member.account_id AND profile_member.profile_id = :profile_id
        AND account.username = :username
      """;

  private final ProfileAccess access;
  private final Users users;
  private final Sql sql;
  private final Audit audit;

  MemberService(ProfileAccess access, Users users, Sql sql, Audit audit) {
    this.access = access;
    this.users = users;
    this.sql = sql;
    this.audit = audit;
  }

  /**
   * The result of {@link #put}.
   *
   * @param created whether the user was not a member before
   */
  public record SavedMember(MemberView member, boolean created) {}

  /**
   * The profile's owner and its members.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<MemberView> list(Caller caller, ProfileSlug slug) {
    Profile profile = access.require(caller, slug, Right.SEE);
    return sql.statement(LIST).with("profile_id", profile.id()).list(MemberView.class);
  }

  /**
   * Shares the profile with a user, or changes the user's role.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING} for
   *     others than owners, {@link ErrorCode#USER_NOT_FOUND}, or when the user is the one whose
   *     profile it is
   */
  @Transactional
  public SavedMember put(Caller caller, ProfileSlug slug, String user, MemberRequest wanted) {
    Profile profile = access.require(caller, slug, Right.OWN);
    User member = users.named(caller.nameOf(user)).orElseThrow(() -> Users.unknown(user));
    if (member.id().equals(profile.user().id())) {
      throw ApiException.invalid("user", "owns the profile; the role can't be changed");
    }
    String role = wanted.wanted().code();
    @Nullable MemberView before = member(profile, member.username());
    SavedMember saved =
        sql.statement(PUT)
            .with("profile_id", profile.id())
            .with("account_id", member.id())
            .with("role", role)
            .one(row -> new SavedMember(row.as(MemberView.class), row.flag("created")));
    audit.record(
        caller,
        saved.created() ? AuditAction.MEMBER_ADDED : AuditAction.MEMBER_CHANGED,
        path(profile, member.username()),
        before,
        saved.member());
    return saved;
  }

  /**
   * Stops sharing the profile with a user. Any member may leave.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING}, or
   *     {@link ErrorCode#USER_NOT_FOUND} where the user is no member
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug slug, String user) {
    Profile profile = access.require(caller, slug, caller.is(user) ? Right.LEAVE : Right.OWN);
    String username = caller.nameOf(user);
    @Nullable MemberView before = member(profile, username);
    if (before == null) {
      throw new ApiException(
          ErrorCode.USER_NOT_FOUND, "The profile is not shared with a user " + user + ".");
    }
    sql.statement(DELETE).with("profile_id", profile.id()).with("username", username).update();
    audit.record(caller, AuditAction.MEMBER_REMOVED, path(profile, username), before, null);
  }

  private @Nullable MemberView member(Profile profile, String username) {
    return sql.statement(GET_TO_CHANGE)
        .with("profile_id", profile.id())
        .by("username", username)
        .first(MemberView.class)
        .orElse(null);
  }

  private static String path(Profile profile, String username) {
    return "profiles/" + profile.slug() + "/members/" + username;
  }
}
