package dev.errand.identity.signin;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/** A session that a sign-in has created. */
@RegisterForReflection
@ApiSchema("SignedIn")
public record SignedIn(
    @Field("Sent as `Authorization: Bearer` or as the cookie `sessionId`.") String session,
    @Field("When it expires if it is not used.") Instant expiresAt) {}
