package dev.errand.identity.user;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A request to accept an invitation.
 *
 * @param password the password that the user chooses
 */
@RegisterForReflection
public record InvitationRequest(@Nullable String password) {
  @Override
  public String toString() {
    return "InvitationRequest[]";
  }
}
