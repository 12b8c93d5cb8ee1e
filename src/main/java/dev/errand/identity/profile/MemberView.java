package dev.errand.identity.profile;

import dev.errand.base.database.Row;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/** A member of a profile. */
@RegisterForReflection
@ApiSchema("Member")
public record MemberView(
    @Field String user, @Field(schema = "ProfileRole") String role, @Field Instant createdAt) {
  static MemberView of(Row row) {
    return new MemberView(row.text("username"), row.text("role"), row.time("created_at"));
  }
}
