package dev.errand.identity.page;

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
 * The user of this request, by a session. Tokens are not accepted here: a program with a token
 * could grant itself more.
 */
@ApplicationScoped
public class SignedInUser {
  private final CurrentIdentityAssociation identity;

  SignedInUser(CurrentIdentityAssociation identity) {
    this.identity = identity;
  }

  /** The session of a request, with its user. */
  public record UserSession(Caller caller, SessionCredential credential) {}

  /**
   * The session of this request; empty where it has none, or an unknown one.
   *
   * @throws ApiException where another site has made the request, or it has several sessions
   */
  public Optional<UserSession> get() {
    try {
      SecurityIdentity found = identity.getIdentity();
      SessionCredential session = found.getCredential(SessionCredential.class);
      return session != null && found.getPrincipal() instanceof Caller caller
          ? Optional.of(new UserSession(caller, session))
          : Optional.empty();
    } catch (AuthenticationFailedException e) {
      ApiException refusal = CurrentCaller.refusal(e);
      if (refusal.code() == ErrorCode.UNAUTHENTICATED) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  /**
   * The session of this request.
   *
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} where {@link #get} is empty
   */
  public UserSession require() {
    return get().orElseThrow(() -> CurrentCaller.unauthenticated("Sign in to see this page."));
  }
}
