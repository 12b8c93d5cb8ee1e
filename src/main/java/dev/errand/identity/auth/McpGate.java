package dev.errand.identity.auth;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Problem;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.oauth.McpAddress;
import dev.errand.identity.oauth.McpChallenge;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Lets a request to an MCP endpoint in only if it is authenticated: by an access token for that
 * endpoint, by a token, or by a session. The handlers behind it always have a caller.
 */
@ApplicationScoped
class McpGate {
  private static final Logger LOG = Logger.getLogger(McpGate.class);
  // After the framework's authentication, and before the handlers that answer.
  private static final int AFTER_AUTHENTICATION = 50;

  private final McpChallenge challenge;
  private final RequestLimits limits;
  private final Json json;

  McpGate(McpChallenge challenge, RequestLimits limits, Json json) {
    this.challenge = challenge;
    this.limits = limits;
    this.json = json;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, AFTER_AUTHENTICATION);
  }

  private void check(RoutingContext context) {
    String path = context.request().path();
    if (path == null
        || !McpAddress.isBelow(path)
        || context.request().method().equals(HttpMethod.OPTIONS)) {
      context.next();
      return;
    }
    // Its body is for the handler that answers.
    boolean paused = !context.request().isEnded();
    if (paused) {
      context.request().pause();
    }
    // The framework's own answer to a refused credential says too little here.
    Object handler = context.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
    QuarkusHttpUser.getSecurityIdentity(context, null)
        .subscribe()
        .with(
            identity -> {
              if (letIn(context, identity)) {
                context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, handler);
                if (paused) {
                  context.request().resume();
                }
                context.next();
              }
            },
            failure -> refuse(context, failure));
  }

  private boolean letIn(RoutingContext context, SecurityIdentity identity) {
    try {
      if (!(identity.getPrincipal() instanceof Caller caller)) {
        throw CurrentCaller.unauthenticated(
            "This address needs an access token, a token or a session, as `Authorization: Bearer …`.");
      }
      limits.count(caller, context.response());
      return true;
    } catch (ApiException e) {
      answer(context, e);
      return false;
    }
  }

  private void refuse(RoutingContext context, Throwable failure) {
    if (failure instanceof AuthenticationFailedException refused) {
      answer(context, CurrentCaller.refusal(refused));
    } else {
      LOG.debugf("A caller could not be identified: %s", failure.getMessage());
      context.fail(failure);
    }
  }

  private void answer(RoutingContext context, ApiException refusal) {
    HttpServerResponse answer = context.response().setStatusCode(refusal.code().status());
    refusal.headers().forEach(answer::putHeader);
    if (refusal.code() == ErrorCode.UNAUTHENTICATED) {
      boolean hasCredential = context.request().headers().contains("Authorization");
      answer.putHeader(
          "WWW-Authenticate",
          hasCredential
              ? challenge.invalid(context.request())
              : challenge.missing(context.request()));
    }
    context.request().resume();
    answer
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .putHeader("Cache-Control", "no-store")
        .end(json.write(Problem.of(refusal)));
  }
}
