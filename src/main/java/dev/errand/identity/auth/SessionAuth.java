package dev.errand.identity.auth;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.BearerToken;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Sessions;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request under {@code /api/} in only with a session: {@code Cookie: sessionId=…}, or {@code
 * Authorization: Bearer …} (RFC 6750).
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
class SessionAuth implements ContainerRequestFilter {
  private static final String COOKIE = "sessionId";
  private static final Pattern DOTS =
      Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

  private final Sessions sessions;
  private final CurrentCaller current;
  private final CurrentVertxRequest http;
  private final SameSite sameSite;

  SessionAuth(
      Sessions sessions, CurrentCaller current, CurrentVertxRequest http, SameSite sameSite) {
    this.sameSite = sameSite;
    this.http = http;
    this.sessions = sessions;
    this.current = current;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (!request.getUriInfo().getPath().startsWith("/api/")) {
      return;
    }
    String token = tokenOf(request);
    if (token == null || token.isEmpty()) {
      throw CurrentCaller.unauthenticated(
          "This address wants a session: send `Cookie: sessionId=…` or `Authorization: Bearer …`.");
    }
    current.set(
        sessions
            .callerOf(token)
            .orElseThrow(
                () ->
                    CurrentCaller.unauthenticated(
                        "The session is not known, or has ended: use another one.")));
    String path = http.getCurrent().request().path();
    if (path != null && path.indexOf(';') >= 0) {
      // JAX-RS drops what follows a semicolon, and two names would become one.
      throw new ApiException(
          ErrorCode.INVALID_INPUT,
          "A semicolon can stand in an address only percent-encoded, as 3B.");
    }
    if (path != null && DOTS.matcher(path).find()) {
      // The server resolves them, and what was meant for one thing would be done to another.
      throw new ApiException(
          ErrorCode.INVALID_INPUT, "An address may not have the segments `.` and `..`.");
    }
  }

  private @Nullable String tokenOf(ContainerRequestContext request) {
    Optional<String> bearer = BearerToken.of(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    if (bearer.isPresent()) {
      return bearer.get();
    }
    List<String> cookies = cookiesOf(request);
    if (cookies.size() > 1) {
      // Another site of the same domain may have set one of them, and nothing tells which.
      throw new ApiException(
          ErrorCode.AMBIGUOUS_SESSION,
          "The request has " + cookies.size() + " cookies `sessionId`: send one.");
    }
    if (cookies.isEmpty()) {
      return null;
    }
    sameSite.check(http.getCurrent().request());
    return cookies.getFirst();
  }

  // As they stand in the header: what makes a map of cookies keeps one of a name.
  private static List<String> cookiesOf(ContainerRequestContext request) {
    List<String> headers = request.getHeaders().getOrDefault(HttpHeaders.COOKIE, List.of());
    return headers.stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(String::strip)
        .filter(cookie -> cookie.startsWith(COOKIE + "="))
        .map(cookie -> unquoted(cookie.substring(COOKIE.length() + 1)))
        .toList();
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
