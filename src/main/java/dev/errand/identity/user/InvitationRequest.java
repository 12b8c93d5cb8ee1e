package dev.errand.identity.user;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.identity.account.PasswordHash;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;

/** A request to accept an invitation. */
@RegisterForReflection
@ApiSchema("InvitationRequest")
public record InvitationRequest(
    @Field(
            required = true,
            least = PasswordHash.SHORTEST,
            most = PasswordHash.LONGEST,
            secret = true)
        String password)
    implements CheckedRequest {
  public InvitationRequest {
    password = Objects.requireNonNullElse(password, "");
  }

  @Override
  public void check() {
    DeclaredFields.check(this);
  }

  @Override
  public String toString() {
    return "InvitationRequest[]";
  }
}
