package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A profile as clients see it.
 *
 * @param slug its owner and its name, as {@code user/name}
 * @param role what the caller may do there; null for a public profile of somebody else
 * @param modifiedAt when its name, description or visibility last changed
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ProfileView(
    String slug,
    String name,
    String description,
    @JsonProperty("is_public") boolean isPublic,
    @Nullable String role,
    McpOffer mcp,
    boolean paused,
    Instant createdAt,
    Instant modifiedAt) {
  static ProfileView of(Row row) {
    return new ProfileView(
        row.text("username") + "/" + row.text("name"),
        row.text("name"),
        row.text("description"),
        row.flag("is_public"),
        row.textOrNull("role"),
        McpOffer.of(row),
        row.timeOrNull("paused_at") != null,
        row.time("created_at"),
        row.time("modified_at"));
  }

  static ProfileView of(Profile profile, @Nullable ProfileRole role) {
    return new ProfileView(
        profile.slug().toString(),
        profile.name(),
        profile.description(),
        profile.isPublic(),
        role == null ? null : role.code(),
        profile.mcp(),
        profile.pausedAt() != null,
        profile.createdAt(),
        profile.modifiedAt());
  }
}
