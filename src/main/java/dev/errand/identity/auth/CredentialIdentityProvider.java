package dev.errand.identity.auth;

import dev.errand.base.background.CoalescedReads;
import dev.errand.base.error.ApiException;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.SessionJoin;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.oauth.AccessTokens;
import dev.errand.identity.oauth.IssuedTokens;
import dev.errand.identity.signin.SessionCredential;
import dev.errand.identity.token.Tokens;
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

/**
 * Looks up whose session, token or access token a credential is. The identity's principal is the
 * {@link Caller}.
 */
@ApplicationScoped
class CredentialIdentityProvider implements IdentityProvider<CredentialRequest> {
  private final Sessions sessions;
  private final Tokens tokens;
  private final AccessTokens accessTokens;
  private final IssuedTokens issuedTokens;
  private final List<AddressReader> readers;
  private final CoalescedReads<Asked, SessionJoin.Joined<?>> reads = new CoalescedReads<>();

  CredentialIdentityProvider(
      Sessions sessions,
      Tokens tokens,
      AccessTokens accessTokens,
      IssuedTokens issuedTokens,
      @All List<AddressReader> readers) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.accessTokens = accessTokens;
    this.issuedTokens = issuedTokens;
    this.readers = readers;
  }

  @Override
  public Class<CredentialRequest> getRequestType() {
    return CredentialRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      CredentialRequest request, AuthenticationRequestContext context) {
    // An event loop must not wait for the database.
    return context.runBlocking(() -> identity(request));
  }

  private SecurityIdentity identity(CredentialRequest request) {
    String credential = request.token();
    Caller caller;
    try {
      caller = callerOf(credential, HttpSecurityUtils.getRoutingContextAttribute(request));
    } catch (ApiException e) {
      throw new AuthenticationFailedException(e);
    }
    QuarkusSecurityIdentity.Builder identity =
        QuarkusSecurityIdentity.builder().setPrincipal(caller);
    if (caller.rights().session() != null) {
      identity.addCredential(new SessionCredential(Sha256.of(credential)));
    }
    return identity.build();
  }

  private Caller callerOf(String credential, @Nullable RoutingContext request) {
    String path = request == null ? null : request.request().path();
    if (AccessTokens.isAccessToken(credential)) {
      return accessTokens.callerOf(credential, path == null ? "" : path);
    }
    if (request != null && path != null && issuedTokens.judges(credential, path)) {
      return issuedTokens.callerOf(credential, request.request());
    }
    if (request != null && path != null) {
      for (AddressReader reader : readers) {
        Optional<? extends SessionJoin<?>> join = reader.join(path);
        if (join.isPresent()) {
          return callerOf(credential, join.get(), request);
        }
      }
    }
    return Tokens.isToken(credential)
        ? tokens.callerOf(credential)
        : known(sessions.callerOf(credential));
  }

  /** A credential, and what is read with it. */
  private record Asked(String credential, SessionJoin.Statements sql, Object key) {
    @Override
    public String toString() {
      return "Asked[…]";
    }
  }

  private Caller callerOf(String credential, SessionJoin<?> join, RoutingContext request) {
    long now = System.nanoTime();
    // A client that starts many runs of a task sends requests that all read the same.
    SessionJoin.Joined<?> found =
        reads.get(
            new Asked(credential, join.sql(), join.key()),
            () ->
                Tokens.isToken(credential)
                    ? tokens.callerOf(credential, join)
                    : known(sessions.callerOf(credential, join)));
    found.joined().ifPresent(rows -> AddressedRows.keep(request, rows, now));
    return found.caller();
  }

  private static <T> T known(Optional<T> session) {
    return session.orElseThrow(Sessions::unknown);
  }
}
