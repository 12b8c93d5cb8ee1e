package dev.errand.identity.auth;

import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.SessionJoin;
import dev.errand.identity.account.Sessions;
import io.quarkus.arc.All;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up whose session a token is of. The identity's principal is the {@link Caller}. */
@ApplicationScoped
class SessionIdentityProvider implements IdentityProvider<SessionRequest> {
  private final Sessions sessions;
  private final List<AddressReader> readers;

  SessionIdentityProvider(Sessions sessions, @All List<AddressReader> readers) {
    this.sessions = sessions;
    this.readers = readers;
  }

  @Override
  public Class<SessionRequest> getRequestType() {
    return SessionRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      SessionRequest request, AuthenticationRequestContext context) {
    // The database is asked, which an event loop must not wait for.
    return context.runBlocking(() -> identity(request));
  }

  private SecurityIdentity identity(SessionRequest request) {
    Caller caller =
        callerOf(request.token(), HttpSecurityUtils.getRoutingContextAttribute(request))
            .orElseThrow(
                () ->
                    new AuthenticationFailedException(
                        CurrentCaller.unauthenticated(
                            "The session is not known, or has ended: use another one.")));
    return QuarkusSecurityIdentity.builder().setPrincipal(caller).build();
  }

  private Optional<Caller> callerOf(String token, @Nullable RoutingContext request) {
    String path = request == null ? null : request.request().path();
    if (request != null && path != null) {
      for (AddressReader reader : readers) {
        Optional<? extends SessionJoin<?>> join = reader.join(path);
        if (join.isPresent()) {
          return callerOf(token, join.get(), request);
        }
      }
    }
    return sessions.callerOf(token);
  }

  private <T> Optional<Caller> callerOf(String token, SessionJoin<T> join, RoutingContext request) {
    long now = System.nanoTime();
    Optional<SessionJoin.Joined<T>> found = sessions.callerOf(token, join);
    found
        .flatMap(SessionJoin.Joined::joined)
        .ifPresent(rows -> AddressedRows.keep(request, rows, now));
    return found.map(SessionJoin.Joined::caller);
  }
}
