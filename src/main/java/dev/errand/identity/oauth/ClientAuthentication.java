package dev.errand.identity.oauth;

import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Authenticates the client of a request (RFC 6749, section 2.3). */
@ApplicationScoped
public class ClientAuthentication {
  private static final String BASIC = "basic ";

  private final ClientStore clients;

  ClientAuthentication(ClientStore clients) {
    this.clients = clients;
  }

  private record Given(String clientId, @Nullable String secret) {}

  /**
   * The client of a request. One that has a secret must have sent it, in the header or in the form;
   * one that has none sends its id in the form.
   *
   * @param formId {@code client_id} in the form; null where it is missing
   * @param formSecret {@code client_secret} in the form; null where it is missing
   * @throws OAuthException {@code invalid_client}
   */
  public OAuthClient of(
      HttpServerRequest request, @Nullable String formId, @Nullable String formSecret) {
    Given given = given(request, formId, formSecret);
    OAuthClient client =
        clients.find(given.clientId).orElseThrow(() -> refused("There is no such client."));
    byte[] hash = client.secretHash();
    if (hash == null) {
      if (given.secret != null && !given.secret.isEmpty()) {
        throw refused("This client has no secret: send none.");
      }
    } else if (given.secret == null || !ClientSecret.matches(given.secret, hash)) {
      throw refused("The client's secret is missing or wrong.");
    }
    return client;
  }

  private static Given given(
      HttpServerRequest request, @Nullable String formId, @Nullable String formSecret) {
    List<String> headers = request.headers().getAll("Authorization");
    if (headers.isEmpty()) {
      if (formId == null) {
        throw refused("The request names no client: send client_id.");
      }
      return new Given(formId, formSecret);
    }
    String header = String.join(",", headers);
    if (!header.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
      throw refused("A client must authenticate by `Basic`, or in the form.");
    }
    if (formSecret != null) {
      throw OAuthException.of(
          "invalid_request", "The client authenticates in two ways: leave one of them out.");
    }
    Given given = basic(header.substring(BASIC.length()).strip());
    if (formId != null && !formId.equals(given.clientId)) {
      throw refused("The header and the form name two clients.");
    }
    return given;
  }

  private static Given basic(String credentials) {
    try {
      String text = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon > 0) {
        return new Given(
            URLDecoder.decode(text.substring(0, colon), StandardCharsets.UTF_8),
            URLDecoder.decode(text.substring(colon + 1), StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw refused("The field Authorization can't be read.");
  }

  private static OAuthException refused(String detail) {
    return OAuthException.invalidClient(detail);
  }
}
