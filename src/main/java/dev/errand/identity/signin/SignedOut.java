package dev.errand.identity.signin;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;

/** The session has ended; the user is still signed in at the provider that began it. */
@RegisterForReflection
@ApiSchema("SignedOut")
public record SignedOut(
    @Field(
            value = "The sign-out page of the provider, which leads back to `/sign-in`.",
            format = "uri")
        URI signOutUrl) {}
