package dev.errand.identity.profile;

import dev.errand.base.database.Row;
import dev.errand.identity.account.User;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A named set of tasks and installed tools that belongs to a user, as the database had it.
 *
 * @param isPublic whether everybody may see it and its installations
 * @param pausedAt when it was paused, so that no run may be started; null while it is not paused
 * @param modifiedAt when its name, description or visibility last changed
 */
public record Profile(
    UUID id,
    User user,
    String name,
    String description,
    boolean isPublic,
    McpOffer mcp,
    @Nullable Instant pausedAt,
    Instant createdAt,
    Instant modifiedAt) {
  /** The name of the profile that every user has. */
  public static final String DEFAULT = "default";

  /** The columns of {@code profile} and {@code account} that {@link #of} reads. */
  public static final String COLUMNS =
      User.COLUMNS
          + """
          , profile.id AS profile_id, profile.name AS profile, profile.description,
          profile.is_public, profile.mcp_tasks, profile.mcp_tools, profile.mcp_manage,
          profile.paused_at, profile.created_at AS profile_created_at,
          profile.modified_at AS profile_modified_at
          """;

  public static Profile of(Row row) {
    return new Profile(
        row.id("profile_id"),
        User.of(row),
        row.text("profile"),
        row.text("description"),
        row.flag("is_public"),
        McpOffer.of(row),
        row.timeOrNull("paused_at"),
        row.time("profile_created_at"),
        row.time("profile_modified_at"));
  }

  /** The name of the profile in addresses, with its owner. */
  public ProfileSlug slug() {
    return new ProfileSlug(user.username(), name);
  }
}
