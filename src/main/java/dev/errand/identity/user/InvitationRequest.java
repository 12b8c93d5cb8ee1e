package dev.errand.identity.user;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** A request to accept an invitation. */
@RegisterForReflection
public record InvitationRequest(@Nullable String password) {
  @Override
  public String toString() {
    return "InvitationRequest[]";
  }
}
