package dev.errand.identity.profile;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.User;
import dev.errand.identity.account.Users;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileMembers.SavedMember;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shares profiles with users. */
@ApplicationScoped
public class MemberService {
  private final ProfileAccess access;
  private final Users users;
  private final ProfileMembers members;
  private final Audit audit;

  MemberService(ProfileAccess access, Users users, ProfileMembers members, Audit audit) {
    this.access = access;
    this.users = users;
    this.members = members;
    this.audit = audit;
  }

  /**
   * The profile's owner and its members.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<MemberView> list(Caller caller, ProfileSlug slug) {
    Profile profile = access.require(caller, slug, Right.SEE);
    return members.list(profile.id());
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
    ProfileRole role = wanted.wanted();
    @Nullable MemberView before = member(profile, member.username());
    SavedMember saved = members.put(profile.id(), member.id(), role);
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
    members.delete(profile.id(), username);
    audit.record(caller, AuditAction.MEMBER_REMOVED, path(profile, username), before, null);
  }

  private @Nullable MemberView member(Profile profile, String username) {
    return members.toChange(profile.id(), username).orElse(null);
  }

  private static String path(Profile profile, String username) {
    return "profiles/" + profile.slug() + "/members/" + username;
  }
}
