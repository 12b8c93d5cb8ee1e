package dev.errand.identity.profile;

import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/** A member of a profile. */
@RegisterForReflection
public record MemberView(String user, String role, Instant createdAt) {
  static MemberView of(Row row) {
    return new MemberView(row.text("username"), row.text("role"), row.time("created_at"));
  }
}
