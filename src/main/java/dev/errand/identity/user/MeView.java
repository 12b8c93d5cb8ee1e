package dev.errand.identity.user;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** The caller. */
@RegisterForReflection
@ApiSchema("Me")
public record MeView(
    @Field String username,
    @Field List<Email> emails,
    @Field(schema = "UserRole") String role,
    @Field(schema = "UserKind") String kind) {
  /**
   * An email address, in the form that clients of the original system expect.
   *
   * @param primary whether mail is sent there; always true, as there is one
   */
  @RegisterForReflection
  public record Email(
      @Field String email,
      @Field boolean primary,
      @Field("Whether an OIDC provider confirmed at a sign-in that the address is the user's.")
          boolean verified) {}

  static MeView of(Account account) {
    String email = account.email;
    return new MeView(
        account.username,
        email == null ? List.of() : List.of(new Email(email, true, account.emailVerified)),
        account.role,
        account.kind);
  }
}
