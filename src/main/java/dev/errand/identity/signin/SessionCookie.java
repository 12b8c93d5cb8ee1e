package dev.errand.identity.signin;

import dev.errand.base.http.PublicUrl;
import dev.errand.identity.account.SessionConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.UriInfo;

/** The cookie that carries a session. */
@ApplicationScoped
public class SessionCookie {
  private static final String NAME = "sessionId";

  private final PublicUrl base;
  private final SessionConfig config;

  SessionCookie(PublicUrl base, SessionConfig config) {
    this.base = base;
    this.config = config;
  }

  /** The cookie of a session that begins. */
  public NewCookie of(SignedIn session, UriInfo request) {
    return cookie(session.session(), (int) config.absolute().toSeconds(), request);
  }

  /** Makes the browser delete the cookie. */
  public NewCookie none(UriInfo request) {
    return cookie("", 0, request);
  }

  private NewCookie cookie(String value, int seconds, UriInfo request) {
    boolean secure = "https".equalsIgnoreCase(base.orElse(request::getBaseUri).getScheme());
    return new NewCookie.Builder(NAME)
        .value(value)
        .path("/")
        .maxAge(seconds)
        .httpOnly(true)
        .secure(secure)
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }
}
