package dev.errand.identity.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A token, without its text. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Token")
public record TokenView(
    @Field UUID id,
    @Field String name,
    @Field(schema = "Scope") List<String> scopes,
    @Field(
            "As `user/profile`; null for all. Profiles that were deleted since are missing here;"
                + " the limit stays.")
        @Nullable List<String> profiles,
    @Field("As `user/profile/task`; null for all.") @Nullable List<String> tasks,
    @Field @Nullable Instant expiresAt,
    @Field Instant createdAt,
    @Field("Accurate to the minute.") @Nullable Instant lastUsedAt) {}
