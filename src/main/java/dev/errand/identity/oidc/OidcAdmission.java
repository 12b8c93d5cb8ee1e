package dev.errand.identity.oidc;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignedIn;
import jakarta.enterprise.context.ApplicationScoped;

/** Decides whether a person whom a provider has authenticated may sign in. */
@ApplicationScoped
public class OidcAdmission {
  private final OidcRules rules;
  private final OidcUsers users;

  OidcAdmission(OidcRules rules, OidcUsers users) {
    this.rules = rules;
    this.users = users;
  }

  /**
   * Signs in a person whose groups or domain allow it. Where they no longer allow it, the rights
   * that the person had by them are withdrawn.
   *
   * @throws ApiException {@link ErrorCode#FORBIDDEN} where the person or the user may not sign in
   */
  public SignedIn signIn(OidcPerson person, SignInDevice device) {
    return rules
        .grantOf(person)
        .map(grant -> users.signIn(person, grant, device))
        .orElseThrow(() -> refusal(person));
  }

  // The withdrawal is committed before the error is thrown.
  private ApiException refusal(OidcPerson person) {
    int ended = users.withdraw(person, rules.isRoleByGroup());
    return new ApiException(
        ErrorCode.FORBIDDEN,
        ("%s may not sign in here: neither one of your groups nor the domain of your"
                + " verified email address is allowed.%s Ask the operator of this service.")
            .formatted(
                person.shown(),
                ended == 0 ? "" : " Your sessions that began by single sign-on have ended."));
  }
}
