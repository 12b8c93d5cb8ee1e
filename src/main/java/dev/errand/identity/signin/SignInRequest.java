package dev.errand.identity.signin;

import dev.errand.base.error.ApiException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** A request to sign in. */
@RegisterForReflection
public record SignInRequest(@Nullable String username, @Nullable String password) {
  String givenUsername() {
    return given("username", username);
  }

  String givenPassword() {
    return given("password", password);
  }

  private static String given(String field, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw ApiException.invalid(field, "is required");
    }
    return value;
  }

  @Override
  public String toString() {
    return "SignInRequest[" + username + "]";
  }
}
