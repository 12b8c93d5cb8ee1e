package dev.errand.identity.oidc;

import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileMembers;
import dev.errand.identity.profile.ProfileMembers.GroupShare;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.profile.ProfileSlug;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shares profiles with users as their groups say. */
@ApplicationScoped
class GroupMemberships {
  private final ProfileMembers members;
  private final Audit audit;

  GroupMemberships(ProfileMembers members, Audit audit) {
    this.members = members;
    this.audit = audit;
  }

  /**
   * Shares these profiles with a user who signs in, and ends what groups had shared with the user
   * before. What owners have shared stays; profiles that do not exist are ignored.
   */
  void apply(Caller user, Map<ProfileSlug, ProfileRole> granted) {
    Map<ProfileSlug, String> before = new HashMap<>();
    for (GroupShare shared : members.ofGroups(user.id())) {
      before.put(shared.profile(), shared.role());
      if (!granted.containsKey(shared.profile())) {
        members.deleteByGroup(user.id(), shared.profileId());
        record(user, AuditAction.MEMBER_REMOVED, shared.profile(), shared.role(), null);
      }
    }
    granted.forEach((profile, role) -> share(user, profile, before.get(profile), role));
  }

  private void share(Caller user, ProfileSlug profile, @Nullable String before, ProfileRole role) {
    if (members.putByGroup(user.id(), profile, role)) {
      record(
          user,
          before == null ? AuditAction.MEMBER_ADDED : AuditAction.MEMBER_CHANGED,
          profile,
          before,
          role.code());
    }
  }

  private void record(
      Caller user,
      AuditAction action,
      ProfileSlug profile,
      @Nullable String before,
      @Nullable String after) {
    audit.record(
        user,
        action,
        "profiles/" + profile + "/members/" + user.username(),
        before == null ? null : Map.of("role", before),
        after == null ? null : Map.of("role", after));
  }
}
