package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** A request to share a profile with a user. */
@RegisterForReflection
@JsonIgnoreProperties({"user", "created_at"})
public record MemberRequest(@Nullable String role) implements CheckedRequest {
  @Override
  public void check() {
    var _ = wanted();
  }

  ProfileRole wanted() {
    return Coded.require(ProfileRole.class, "role", role);
  }
}
