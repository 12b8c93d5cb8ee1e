package dev.errand.identity.profile;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Reads who shares a profile. */
@ApplicationScoped
class ProfileMembers {
  private static final String MEMBERSHIP =
      """
      SELECT member.profile_id, member.role FROM account AS owner
      JOIN profile ON profile.account_id = owner.id
      JOIN profile_member AS member ON member.profile_id = profile.id
      WHERE owner.username = :owner AND profile.name = :profile AND member.account_id = :account_id
      """;

  private final Sql sql;

  ProfileMembers(Sql sql) {
    this.sql = sql;
  }

  /** A profile of somebody else, and the role that a user has in it. */
  record Membership(UUID profileId, ProfileRole role) {}

  /** The membership of a user in somebody else's profile, if there is one. */
  Optional<Membership> of(UUID accountId, ProfileSlug profile) {
    if (profile.user().indexOf('\0') >= 0 || profile.name().indexOf('\0') >= 0) {
      // PostgreSQL's text can't contain NUL.
      return Optional.empty();
    }
    return sql.statement(MEMBERSHIP)
        .with("owner", profile.user())
        .with("profile", profile.name())
        .with("account_id", accountId)
        .first(row -> new Membership(row.id("profile_id"), ProfileRole.of(row.text("role"))));
  }
}
