package dev.errand.identity.auth;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.oauth.McpAddress;
import dev.errand.identity.oauth.OAuthUrls;
import dev.errand.identity.page.ReturnPath;
import dev.errand.identity.page.SignInPageResource;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets a request under {@code /api/} in only if it is authenticated, or needs no authentication: to
 * sign in, or to accept an invitation. It refuses semicolons and dot segments in addresses there,
 * of the console and of MCP endpoints.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
class ApiGate implements ContainerRequestFilter {
  private static final Pattern DOTS =
      Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

  private static final Set<String> SIGN_IN = Set.of("/sign-in", "/sign-in/invitation", "/set-up");

  private final CurrentIdentityAssociation identity;
  private final SameSite sameSite;
  private final RequestLimits limits;
  private final OAuthUrls urls;
  private final CurrentVertxRequest http;

  ApiGate(
      CurrentIdentityAssociation identity,
      SameSite sameSite,
      RequestLimits limits,
      OAuthUrls urls,
      CurrentVertxRequest http) {
    this.sameSite = sameSite;
    this.limits = limits;
    this.identity = identity;
    this.urls = urls;
    this.http = http;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getUriInfo().getPath().startsWith("/api/")) {
      letIn(request);
      checkAddress();
    } else if (SIGN_IN.contains(request.getUriInfo().getPath())) {
      // The same for the forms of its page.
      sameSite.check(http.getCurrent().request());
    } else if (request.getUriInfo().getPath().startsWith("/console/")) {
      // A page identifies its user itself, and leads to the sign-in.
      checkAddress();
      if (request.getMethod().equals("POST") && isAnonymous()) {
        // Before a form is read, which may have a large file.
        throw CurrentCaller.unauthenticated("Sign in to send this form.");
      }
    } else if (McpAddress.isBelow(request.getUriInfo().getPath())) {
      // McpGate has let it in before.
      checkAddress();
    }
  }

  private void letIn(ContainerRequestContext request) {
    if (isOpen(request)) {
      // Another site may not sign a user in.
      sameSite.check(http.getCurrent().request());
    } else if (isAnonymous()) {
      String path = request.getUriInfo().getPath().substring(1);
      if (request.getMethod().equals("GET")
          && ReturnPath.of(path).isPresent()
          && request.getAcceptableMediaTypes().contains(MediaType.TEXT_HTML_TYPE)) {
        // A person who follows a link in a browser.
        request.abortWith(Response.seeOther(signIn(path)).build());
        return;
      }
      throw CurrentCaller.unauthenticated(
          "This address needs a session: send `Cookie: sessionId=…` or `Authorization: Bearer …`.");
    } else if (identity.getIdentity().getPrincipal() instanceof Caller caller) {
      limits.count(caller, http.getCurrent().response());
    }
  }

  private void checkAddress() {
    String path = http.getCurrent().request().path();
    if (path != null && path.indexOf(';') >= 0) {
      // JAX-RS drops everything after a semicolon, so that two names would become one.
      throw new ApiException(
          ErrorCode.INVALID_INPUT,
          "A semicolon can stand in an address only percent-encoded, as %%3B.".formatted());
    }
    if (path != null && DOTS.matcher(path).find()) {
      // The server resolves them, so that the request would reach another object than the one it
      // names.
      throw new ApiException(
          ErrorCode.INVALID_INPUT, "An address can't have the segments `.` and `..`.");
    }
  }

  private URI signIn(String path) {
    return URI.create(
        urls.base(http.getCurrent().request())
            + "/"
            + SignInPageResource.PATH
            + ReturnPath.query(Optional.of(path)));
  }

  private static boolean isOpen(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    return path.startsWith("/api/invitations/")
        // The address of its stream carries the credential.
        || (path.startsWith("/api/mcp/sse") && !path.equals("/api/mcp/sse/url"))
        || (request.getMethod().equals("POST") && path.equals("/api/sessions"));
  }

  private boolean isAnonymous() {
    try {
      return identity.getIdentity().isAnonymous();
    } catch (AuthenticationFailedException e) {
      throw CurrentCaller.refusal(e);
    }
  }
}
