package dev.errand.identity.profile;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the profiles that addresses name, and the roles of users in profiles of others. */
@ApplicationScoped
class ProfileMembers {
  private final Sql sql;

  ProfileMembers(Sql sql) {
    this.sql = sql;
  }

  /**
   * A profile of somebody else, which the user may or may not see.
   *
   * @param profileId the profile
   * @param isPublic whether everybody may see that it is there
   * @param role the role that the user has in it; null for none
   * @param since when the user was given a role; null for none
   */
  record Foreign(
      UUID profileId, boolean isPublic, @Nullable ProfileRole role, @Nullable Instant since) {
    private static Foreign of(Row row) {
      String role = row.textOrNull("role");
      return new Foreign(
          row.id("id"),
          row.flag("is_public"),
          role == null ? null : ProfileRole.of(role),
          row.timeOrNull("since"));
    }
  }

  /** Somebody else's profile, by its name or a former one, as a user sees it. */
  Optional<Foreign> of(UUID accountId, ProfileSlug profile) {
    if (profile.user().indexOf('\0') >= 0 || profile.name().indexOf('\0') >= 0) {
      // PostgreSQL's text can't contain NUL.
      return Optional.empty();
    }
    return foreign(ProfileStatements.FOREIGN, accountId, profile)
        .or(() -> foreign(ProfileStatements.FOREIGN_BY_ALIAS, accountId, profile));
  }

  private Optional<Foreign> foreign(String statement, UUID accountId, ProfileSlug profile) {
    return sql.statement(statement)
        .with("owner", profile.user())
        .with("name", profile.name())
        .with("account_id", accountId)
        .first(Foreign::of);
  }

  /** The profiles of a user, by name, in which another one has a role or one above it. */
  List<UUID> shared(UUID accountId, String owner, ProfileRole least) {
    return owner.indexOf('\0') >= 0
        ? List.of()
        : sql.statement(ProfileStatements.SHARED_BY)
            .with("account_id", accountId)
            .with("owner", owner)
            .with(
                "roles",
                "text",
                Arrays.stream(ProfileRole.values())
                    .filter(role -> role.compareTo(least) >= 0)
                    .map(ProfileRole::code)
                    .toList())
            .list(row -> row.id("id"));
  }

  /** The profile of a user that had that name. */
  Optional<UUID> renamed(UUID ownerId, String name) {
    return name.indexOf('\0') >= 0
        ? Optional.empty()
        : sql.statement(ProfileStatements.BY_ALIAS)
            .with("account_id", ownerId)
            .with("name", name)
            .first(row -> row.id("profile_id"));
  }
}
