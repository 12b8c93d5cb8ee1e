package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A profile as clients see it.
 *
 * @param modifiedAt when its name, description or visibility last changed
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Profile")
public record ProfileView(
    @Field("The owner and the name, as `user/name`.") String slug,
    @Field String name,
    @Field String description,
    @Field @JsonProperty("is_public") boolean isPublic,
    @Field(
            value = "Your role; null for a public profile that is not shared with you.",
            codes = ProfileRole.class)
        @Nullable String role,
    @Field(schema = "McpOffer") McpOffer mcp,
    @Field boolean paused,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @JsonIgnore long etag)
    implements Tagged {
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
        profile.modifiedAt(),
        profile.etag());
  }
}
