package dev.errand.identity.signin;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session of the caller. */
@RegisterForReflection
@ApiSchema("Session")
public record SessionView(
    @Field UUID id,
    @Field(
            value = "By sign-in, by the operator, or for development.",
            values = {"user", "bootstrap", "dev"})
        String kind,
    @Field Instant createdAt,
    @Field("When it expires if it is not used.") @Nullable Instant expiresAt,
    @Field("Accurate to about a minute.") @Nullable Instant lastUsedAt,
    @Field("The `User-Agent` that signed in, cut to 200 characters.") @Nullable String device,
    @Field("The network address that signed in.") @Nullable String address,
    @Field("Whether it is the session of this request.") boolean current) {}
