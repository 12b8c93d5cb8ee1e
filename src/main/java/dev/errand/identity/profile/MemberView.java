package dev.errand.identity.profile;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;

/** A member of a profile. */
@RegisterForReflection
@ApiSchema("Member")
public record MemberView(
    @Field @Column(name = "username") String user,
    @Field(schema = "ProfileRole") String role,
    @Field Instant createdAt) {}
