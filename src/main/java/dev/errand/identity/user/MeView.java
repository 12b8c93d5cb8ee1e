package dev.errand.identity.user;

import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * The caller.
 *
 * @param role {@code admin} or {@code member}
 * @param kind {@code person} or {@code service}
 */
@RegisterForReflection
public record MeView(String username, List<Email> emails, String role, String kind) {
  /**
   * An email address, in the form that clients of the original system expect.
   *
   * @param primary whether mail is sent there; always true, as there is one
   * @param verified whether an OIDC provider has confirmed at a sign-in that it is the user's;
   *     false for an address that an admin gave
   */
  @RegisterForReflection
  public record Email(String email, boolean primary, boolean verified) {}

  static MeView of(Row row) {
    UserView user = UserView.of(row);
    String email = user.email();
    return new MeView(
        user.username(),
        email == null ? List.of() : List.of(new Email(email, true, row.flag("email_verified"))),
        user.role(),
        user.kind());
  }
}
