package dev.errand.identity.oidc;

import dev.errand.base.database.Sql;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.profile.ProfileSlug;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shares profiles with users as their groups say. */
@ApplicationScoped
class GroupMemberships {
  private final Sql sql;
  private final Audit audit;

  GroupMemberships(Sql sql, Audit audit) {
    this.sql = sql;
    this.audit = audit;
  }

  private record Shared(UUID profileId, ProfileSlug profile, String role) {}

  /**
   * Shares these profiles with a user who signs in, and ends what groups had shared with the user
   * before. What owners have shared stays; profiles that do not exist are ignored.
   */
  void apply(Caller user, Map<ProfileSlug, ProfileRole> granted) {
    Map<ProfileSlug, String> before = new HashMap<>();
    for (Shared shared : shared(user)) {
      before.put(shared.profile(), shared.role());
      if (!granted.containsKey(shared.profile())) {
        sql.statement(OidcUserStatements.SHARE_NO_MORE)
            .with("account_id", user.id())
            .with("profile_id", shared.profileId())
            .update();
        record(user, AuditAction.MEMBER_REMOVED, shared.profile(), shared.role(), null);
      }
    }
    granted.forEach((profile, role) -> share(user, profile, before.get(profile), role.code()));
  }

  private List<Shared> shared(Caller user) {
    return sql.statement(OidcUserStatements.SHARED)
        .with("account_id", user.id())
        .list(
            row ->
                new Shared(
                    row.id("profile_id"),
                    new ProfileSlug(row.text("username"), row.text("name")),
                    row.text("role")));
  }

  private void share(Caller user, ProfileSlug profile, @Nullable String before, String role) {
    int changed =
        sql.statement(OidcUserStatements.SHARE)
            .with("account_id", user.id())
            .with("owner", profile.user())
            .with("profile", profile.name())
            .with("role", role)
            .update();
    if (changed > 0) {
      record(
          user,
          before == null ? AuditAction.MEMBER_ADDED : AuditAction.MEMBER_CHANGED,
          profile,
          before,
          role);
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
