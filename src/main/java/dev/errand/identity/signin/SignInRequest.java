package dev.errand.identity.signin;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;

/** A request to sign in. */
@RegisterForReflection
@ApiSchema("SignInRequest")
public record SignInRequest(
    @Field(required = true) String username, @Field(required = true, secret = true) String password)
    implements CheckedRequest {
  public SignInRequest {
    username = Objects.requireNonNullElse(username, "");
    password = Objects.requireNonNullElse(password, "");
  }

  @Override
  public void check() {
    DeclaredFields.check(this);
  }

  @Override
  public String toString() {
    return "SignInRequest[" + username + "]";
  }
}
