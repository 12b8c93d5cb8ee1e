package dev.errand.identity.profile;

import dev.errand.identity.account.User;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
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
@RegisterForReflection
public record Profile(
    @Column(name = "profile_id") UUID id,
    User user,
    @Column(name = "profile") String name,
    String description,
    boolean isPublic,
    McpOffer mcp,
    @Nullable Instant pausedAt,
    @Column(name = "profile_created_at") Instant createdAt,
    @Column(name = "profile_modified_at") Instant modifiedAt,
    @Column(name = "profile_etag") long etag) {
  /** The name of the profile that every user has. */
  public static final String DEFAULT = "default";

  /** The columns of {@code profile} and {@code account} that it is read from. */
  public static final String COLUMNS =
      User.COLUMNS
          + """
          , profile.id AS profile_id, profile.name AS profile, profile.description,
          profile.is_public, profile.mcp_tasks, profile.mcp_tools, profile.mcp_manage,
          profile.paused_at, profile.created_at AS profile_created_at,
          profile.modified_at AS profile_modified_at, profile.etag AS profile_etag
          """;

  /** The name of the profile in addresses, with its owner. */
  public ProfileSlug slug() {
    return new ProfileSlug(user.username(), name);
  }
}
