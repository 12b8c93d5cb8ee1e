package dev.errand.identity.oauth.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.signin.SessionCredential;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * The user of this request, by a session. A token is none here: what holds one could grant itself
 * more.
 */
@ApplicationScoped
class SignedInUser {
  private final CurrentIdentityAssociation identity;

  SignedInUser(CurrentIdentityAssociation identity) {
    this.identity = identity;
  }

  /**
   * A session.
   *
   * @param caller whose it is
   * @param credential by what it is known
   */
  record Found(Caller caller, SessionCredential credential) {}

  /**
   * The session of this request; empty where there is none that is known.
   *
   * @throws ApiException where another site has made the request, or it has several sessions
   */
  Optional<Found> get() {
    try {
      SecurityIdentity found = identity.getIdentity();
      SessionCredential session = found.getCredential(SessionCredential.class);
      return session != null && found.getPrincipal() instanceof Caller caller
          ? Optional.of(new Found(caller, session))
          : Optional.empty();
    } catch (AuthenticationFailedException e) {
      ApiException refusal = CurrentCaller.refusal(e);
      if (refusal.code() == ErrorCode.UNAUTHENTICATED) {
        return Optional.empty();
      }
      throw refusal;
    }
  }
}
