package dev.errand.identity.oauth;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.FormBody;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where clients exchange codes and refresh tokens (RFC 6749), and revoke tokens (RFC 7009). */
@Path("/oauth")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TokenEndpoint {
  private final ClientAuthentication clients;
  private final TokenExchange tokens;
  private final OAuthUrls urls;
  private final CurrentVertxRequest http;

  TokenEndpoint(
      ClientAuthentication clients,
      TokenExchange tokens,
      OAuthUrls urls,
      CurrentVertxRequest http) {
    this.clients = clients;
    this.tokens = tokens;
    this.urls = urls;
    this.http = http;
  }

  /** Exchanges a code or a refresh token for tokens. */
  @POST
  @Path("token")
  public RestResponse<TokenAnswer> token(byte @Nullable [] body) {
    MultivaluedMap<String, String> form = form(body);
    String type = required(form, "grant_type");
    OAuthClient client = client(form);
    McpAddress resource = resource(form);
    TokenAnswer answer =
        switch (type) {
          case "authorization_code" ->
              tokens.byCode(
                  client,
                  new TokenExchange.CodeUse(
                      required(form, "code"),
                      optional(form, "redirect_uri"),
                      optional(form, "code_verifier"),
                      resource));
          case "refresh_token" ->
              tokens.byRefresh(
                  client, required(form, "refresh_token"), optional(form, "scope"), resource);
          default ->
              throw OAuthException.of(
                  "unsupported_grant_type",
                  "grant_type must be authorization_code or refresh_token.");
        };
    return RestResponse.ResponseBuilder.ok(answer)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  /** Revokes a token; the answer does not reveal whether it was known. */
  @POST
  @Path("revoke")
  public RestResponse<Void> revoke(byte @Nullable [] body) {
    MultivaluedMap<String, String> form = form(body);
    OAuthClient client = client(form);
    tokens.revoke(client, required(form, "token"));
    return RestResponse.ResponseBuilder.<Void>create(RestResponse.Status.OK)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private static MultivaluedMap<String, String> form(byte @Nullable [] body) {
    return FormBody.read(body)
        .orElseThrow(() -> OAuthException.of("invalid_request", FormBody.UNREADABLE));
  }

  private OAuthClient client(MultivaluedMap<String, String> form) {
    return clients.of(request(), optional(form, "client_id"), optional(form, "client_secret"));
  }

  private @Nullable McpAddress resource(MultivaluedMap<String, String> form) {
    String resource = optional(form, "resource");
    return resource == null
        ? null
        : urls.resource(resource, request())
            .orElseThrow(
                () ->
                    OAuthException.of(
                        "invalid_target", "resource is not an MCP endpoint of this service."));
  }

  private HttpServerRequest request() {
    return http.getCurrent().request();
  }

  private static String required(MultivaluedMap<String, String> form, String name) {
    String value = optional(form, name);
    if (value == null) {
      throw OAuthException.of("invalid_request", "The form has no " + name + ".");
    }
    return value;
  }

  // No parameter may be repeated, and an empty one counts as missing (RFC 6749, section 3.2).
  private static @Nullable String optional(MultivaluedMap<String, String> form, String name) {
    var values = form.get(name);
    if (values == null || values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw OAuthException.of("invalid_request", "The form has " + name + " more than once.");
    }
    String value = values.getFirst();
    if (!StorableText.is(value)) {
      throw OAuthException.of("invalid_request", name + " contains a NUL character.");
    }
    return value.isEmpty() ? null : value;
  }
}
