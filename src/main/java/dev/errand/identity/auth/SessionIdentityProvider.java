package dev.errand.identity.auth;

import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Sessions;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Looks up whose session a token is of. The identity's principal is the {@link Caller}. */
@ApplicationScoped
class SessionIdentityProvider implements IdentityProvider<SessionRequest> {
  private final Sessions sessions;

  SessionIdentityProvider(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Class<SessionRequest> getRequestType() {
    return SessionRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      SessionRequest request, AuthenticationRequestContext context) {
    // The database is asked, which an event loop must not wait for.
    return context.runBlocking(() -> identity(request.token()));
  }

  private SecurityIdentity identity(String token) {
    Caller caller =
        sessions
            .callerOf(token)
            .orElseThrow(
                () ->
                    new AuthenticationFailedException(
                        CurrentCaller.unauthenticated(
                            "The session is not known, or has ended: use another one.")));
    return QuarkusSecurityIdentity.builder().setPrincipal(caller).build();
  }
}
