package dev.errand.identity.profile;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** A request to share a profile with a user. */
@RegisterForReflection
@ApiSchema(value = "MemberRequest", answer = MemberView.class)
public record MemberRequest(
    @Field(required = true, codes = ProfileRole.class, schema = "ProfileRole")
        @Nullable String role)
    implements CheckedRequest {
  @Override
  public void check() {
    DeclaredFields.check(this);
  }

  ProfileRole wanted() {
    return Coded.require(ProfileRole.class, "role", role);
  }
}
