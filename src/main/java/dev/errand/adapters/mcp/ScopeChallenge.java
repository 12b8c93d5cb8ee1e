package dev.errand.adapters.mcp;

import dev.errand.adapters.mcp.CallingRuns.CallingRun;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.oauth.McpChallenge;
import dev.errand.identity.oauth.OAuthScopes;
import dev.errand.identity.profile.ProfileSlug;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells an OAuth client in the error which scopes it lacks, so that it can ask the user for them
 * ("Scope Challenge Handling" of the protocol). Other credentials can't get more scopes, and get
 * the usual error.
 */
@ApplicationScoped
public class ScopeChallenge {
  private final ChatTools tools;
  private final McpChallenge challenge;
  private final CurrentVertxRequest http;

  ScopeChallenge(ChatTools tools, McpChallenge challenge, CurrentVertxRequest http) {
    this.tools = tools;
    this.challenge = challenge;
    this.http = http;
  }

  /**
   * The error of a call of a tool that is hidden from the caller, but would be available with more
   * scopes.
   *
   * @return empty where no scope would change that
   */
  Optional<ApiException> toTool(Caller caller, ProfileSlug profile, String tool) {
    return candidates(caller).stream()
        .filter(lacking -> hasTool(with(caller, lacking), profile, tool))
        .findFirst()
        .map(lacking -> insufficient(caller, lacking));
  }

  private boolean hasTool(Caller caller, ProfileSlug profile, String tool) {
    try {
      return tools.find(caller, profile, tool, CallingRun.NONE).isPresent();
    } catch (ApiException e) {
      return false;
    }
  }

  /**
   * Translates the error of a request into OAuth's challenges for a missing scope or an ended
   * access. Other errors stay unchanged.
   */
  public ApiException challenge(Caller caller, McpRequest request, ApiException refusal) {
    return switch (refusal.code()) {
      case UNAUTHENTICATED -> challenge.ended(current(), refusal);
      case SCOPE_MISSING -> missing(caller, request, refusal);
      default -> refusal;
    };
  }

  private ApiException missing(Caller caller, McpRequest request, ApiException refusal) {
    Scope wanted = request.method().equals("tasks/cancel") ? Scope.RUN : Scope.READ;
    // A refusal by the tool itself may have other causes than scopes, such as the limits of the
    // access.
    boolean isToBeHad =
        !request.method().equals("tools/call")
            && caller.rights().areGranted()
            && !caller.rights().scopes().contains(wanted);
    return isToBeHad ? insufficient(caller, Set.of(wanted)) : refusal;
  }

  /** The additional scopes that the client may request: one scope, or all that it lacks. */
  private static List<Set<Scope>> candidates(Caller caller) {
    if (!caller.rights().areGranted()) {
      return List.of();
    }
    EnumSet<Scope> lacking = EnumSet.noneOf(Scope.class);
    lacking.addAll(OAuthScopes.ALL);
    lacking.removeAll(caller.rights().scopes());
    List<Set<Scope>> single = lacking.stream().map(Set::of).toList();
    return lacking.size() < 2
        ? single
        : Stream.concat(single.stream(), Stream.of(lacking)).toList();
  }

  private static Caller with(Caller caller, Set<Scope> more) {
    return new Caller(caller.id(), caller.username(), caller.rights().with(more));
  }

  private ApiException insufficient(Caller caller, Set<Scope> lacking) {
    return challenge.insufficientScope(current(), caller.rights().scopes(), lacking);
  }

  private HttpServerRequest current() {
    return http.getCurrent().request();
  }
}
