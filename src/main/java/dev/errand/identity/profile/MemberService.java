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
  public record Kept(MemberView member, boolean created) {}

  /**
   * The profile's owner and its members.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<MemberView> list(Caller caller, ProfileSlug profile) {
    Profile of = access.require(caller, profile, Right.SEE);
    return sql.statement(MemberStatements.LIST).with("profile_id", of.id()).list(MemberView::of);
  }

  /**
   * Shares the profile with a user, or changes the user's role.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING} for
   *     others than owners, {@link ErrorCode#USER_NOT_FOUND}, or when the user is the one whose
   *     profile it is
   */
  @Transactional
  public Kept put(Caller caller, ProfileSlug profile, String user, MemberRequest wanted) {
    Profile of = access.require(caller, profile, Right.OWN);
    User member = users.named(caller.nameOf(user)).orElseThrow(() -> unknown(user));
    if (member.id().equals(of.user().id())) {
      throw ApiException.invalid("user", "owns the profile; the role can't be changed");
    }
    String role = wanted.wanted().code();
    @Nullable MemberView before = member(of, member.username());
    Kept kept =
        sql.statement(MemberStatements.PUT)
            .with("profile_id", of.id())
            .with("account_id", member.id())
            .with("role", role)
            .one(row -> new Kept(MemberView.of(row), row.flag("created")));
    audit.record(
        caller,
        kept.created() ? AuditAction.MEMBER_ADDED : AuditAction.MEMBER_CHANGED,
        path(of, member.username()),
        before,
        kept.member());
    return kept;
  }

  /**
   * Stops sharing the profile with a user. Any member may leave.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING}, or
   *     {@link ErrorCode#USER_NOT_FOUND} where the user is no member
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug profile, String user) {
    Profile of = access.require(caller, profile, caller.is(user) ? Right.LEAVE : Right.OWN);
    String username = caller.nameOf(user);
    @Nullable MemberView before = user.indexOf('\0') >= 0 ? null : member(of, username);
    if (before == null) {
      throw new ApiException(
          ErrorCode.USER_NOT_FOUND, "The profile is not shared with a user " + user + ".");
    }
    sql.statement(MemberStatements.DELETE)
        .with("profile_id", of.id())
        .with("username", username)
        .update();
    audit.record(caller, AuditAction.MEMBER_REMOVED, path(of, username), before, null);
  }

  private @Nullable MemberView member(Profile profile, String username) {
    return sql.statement(MemberStatements.GET_TO_CHANGE)
        .with("profile_id", profile.id())
        .with("username", username)
        .first(MemberView::of)
        .orElse(null);
  }

  private static String path(Profile profile, String username) {
    return "profiles/" + profile.slug() + "/members/" + username;
  }

  private static ApiException unknown(String user) {
    return new ApiException(ErrorCode.USER_NOT_FOUND, "There is no user " + user + ".");
  }
}
