package dev.errand.identity.user;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A request to change one's password.
 *
 * @param wanted the new one
 */
@RegisterForReflection
public record PasswordRequest(
    @Nullable String current, @JsonProperty("new") @Nullable String wanted) {
  @Override
  public String toString() {
    return "PasswordRequest[]";
  }
}
