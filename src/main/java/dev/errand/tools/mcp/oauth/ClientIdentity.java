package dev.errand.tools.mcp.oauth;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This service as a client of an authorization server.
 *
 * @param secret its secret; null where it has none
 * @param method how it authenticates: {@value #NONE}, {@value #BASIC} or {@value #POST}
 */
@RegisterForReflection
public record ClientIdentity(String id, @Nullable String secret, String method) {
  /** Only by its id. */
  public static final String NONE = "none";

  /** By a header field (RFC 6749, section 2.3.1). */
  public static final String BASIC = "client_secret_basic";

  /** In the form. */
  public static final String POST = "client_secret_post";

  /** Creates a client that authenticates in a way that a server accepts. */
  public static ClientIdentity of(String id, @Nullable String secret, AuthorizationServer server) {
    List<String> methods = server.authMethods();
    boolean inForm = !methods.isEmpty() && !methods.contains(BASIC) && methods.contains(POST);
    return new ClientIdentity(id, secret, secret == null ? NONE : inForm ? POST : BASIC);
  }

  /** Adds the authentication to a form, and returns the header fields for it. */
  Map<String, String> authenticate(Map<String, String> form) {
    if (method.equals(BASIC)) {
      String both = OAuthHttp.encoded(id) + ":" + OAuthHttp.encoded(String.valueOf(secret));
      return Map.of(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII)));
    }
    form.put("client_id", id);
    if (method.equals(POST)) {
      form.put("client_secret", String.valueOf(secret));
    }
    return Map.of();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ClientIdentity[" + id + "]";
  }
}
