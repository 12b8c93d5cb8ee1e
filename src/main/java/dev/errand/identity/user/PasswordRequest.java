package dev.errand.identity.user;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.identity.account.PasswordHash;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;

/** A request to change one's password. */
@RegisterForReflection
@ApiSchema("PasswordRequest")
public record PasswordRequest(
    @Field(label = "Current password", required = true) String current,
    @Field(
            label = "New password",
            required = true,
            least = PasswordHash.SHORTEST,
            most = PasswordHash.LONGEST)
        @JsonProperty("new")
        String wanted)
    implements CheckedRequest {
  public PasswordRequest {
    current = Objects.requireNonNullElse(current, "");
    wanted = Objects.requireNonNullElse(wanted, "");
  }

  @Override
  public void check() {
    DeclaredFields.check(this);
  }

  @Override
  public String toString() {
    return "PasswordRequest[]";
  }
}
