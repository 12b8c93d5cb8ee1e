package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.oauth.ConsentPage;
import dev.errand.identity.oauth.OAuthUrls;
import dev.errand.tools.mcp.oauth.ConnectFlows;
import dev.errand.tools.mcp.oauth.CredentialException;
import dev.errand.tools.mcp.oauth.OwnClient;
import dev.errand.tools.mcp.oauth.RedirectPath;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints for authorization servers of remote servers: the document of this client, and the
 * page to which they redirect people back.
 */
@Path("/oauth")
@RunOnVirtualThread
public class RedirectPageResource {
  private final ConnectService connections;
  private final ConsentPage page;
  private final CurrentIdentityAssociation identity;
  private final OAuthUrls urls;
  private final Json json;
  private final CurrentVertxRequest http;

  RedirectPageResource(
      ConnectService connections,
      ConsentPage page,
      CurrentIdentityAssociation identity,
      OAuthUrls urls,
      Json json,
      CurrentVertxRequest http) {
    this.connections = connections;
    this.page = page;
    this.identity = identity;
    this.urls = urls;
    this.json = json;
    this.http = http;
  }

  /** The document by which this service is known as a client. */
  @GET
  @Path("client.json")
  @Produces(MediaType.APPLICATION_JSON)
  public String document() {
    return json.write(new OwnClient(urls.base(http.getCurrent().request())).document(json));
  }

  /** Connects a server with the code of the authorization server's redirect. */
  @GET
  @Path("callback")
  @Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
  public RestResponse<String> redirected(@Context UriInfo uri) throws InterruptedException {
    return completed(RedirectPath.SHARED, uri.getQueryParameters());
  }

  /** The same for an authorization server with an address of its own. */
  @GET
  @Path("redirect/{issuer}")
  @Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
  public RestResponse<String> redirect(@RestPath String issuer, @Context UriInfo uri)
      throws InterruptedException {
    return completed(RedirectPath.ending(issuer), uri.getQueryParameters());
  }

  private RestResponse<String> completed(String path, MultivaluedMap<String, String> query)
      throws InterruptedException {
    try {
      ConnectService.ConnectOutcome outcome =
          connections.complete(
              caller(),
              single(query, "state"),
              new ConnectFlows.Redirected(
                  path,
                  single(query, "code"),
                  single(query, "iss"),
                  single(query, "error"),
                  single(query, "error_description")));
      String failure = outcome.failure();
      return failure == null
          ? page.notice(
              200,
              "Connected",
              outcome.installation() + " has its tools now.",
              null,
              page(outcome.installation()))
          : page.notice(
              200,
              "Connected, but without tools",
              failure,
              "The server's tools are listed again within the hour.",
              page(outcome.installation()));
    } catch (CredentialException e) {
      return refused(400, e.sentence());
    } catch (ApiException e) {
      return refused(e.code().status(), String.valueOf(e.getMessage()));
    }
  }

  // A server whose redirect address has a query would otherwise add its name to another one's.
  private static @Nullable String single(MultivaluedMap<String, String> query, String name)
      throws CredentialException {
    List<String> values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw CredentialException.lasting(
          "The answer has more than one %s: nothing was connected.".formatted(name));
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** The page of an installation, which is named {@code user/profile/name}. */
  private static String page(String installation) {
    int name = installation.lastIndexOf('/');
    return "console/" + installation.substring(0, name) + "/tools" + installation.substring(name);
  }

  private RestResponse<String> refused(int status, String message) {
    return page.notice(status, "The server is not connected", message, null);
  }

  private Caller caller() {
    try {
      if (identity.getIdentity().getPrincipal() instanceof Caller caller) {
        return caller;
      }
    } catch (AuthenticationFailedException e) {
      throw CurrentCaller.refusal(e);
    }
    throw CurrentCaller.unauthenticated(
        "You are no longer signed in: sign in, and open the connect link again.");
  }
}
