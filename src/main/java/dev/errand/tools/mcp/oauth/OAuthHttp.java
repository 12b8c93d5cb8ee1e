package dev.errand.tools.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sends the requests of OAuth through the egress guard: within 10 seconds each, answers of at most
 * 256 KiB. Redirects of documents are followed within their scheme, host and port; other redirects
 * are not followed.
 */
@ApplicationScoped
class OAuthHttp {
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final int LARGEST = 256 * 1024;
  private static final int MOST_REDIRECTS = 3;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final GuardedHttp http;
  private final Json json;

  OAuthHttp(GuardedHttp http, Json json) {
    this.http = http;
    this.json = json;
  }

  /**
   * An answer.
   *
   * @param body its JSON; missing where it has none
   */
  record Answer(int status, JsonNode body) {
    boolean isSuccess() {
      return status >= 200 && status < 300 && body.isObject();
    }
  }

  Answer get(String url) throws CredentialException, InterruptedException {
    String at = url;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      GuardedHttp.Answer answer = exchange("GET", at, Map.of(), new byte[0]);
      List<String> location = answer.headers().getOrDefault("location", List.of());
      if (answer.status() < 300 || answer.status() > 399 || location.isEmpty()) {
        return read(answer);
      }
      at = followed(at, location.getFirst());
    }
    throw CredentialException.lasting(shown(url) + " redirects too often.");
  }

  private static String followed(String url, String location) throws CredentialException {
    try {
      Target from = Target.parse(url);
      Target to = from.resolve(location);
      if (to.origin().equals(from.origin())) {
        return to.uri().toString();
      }
    } catch (EgressRefusedException e) {
      // A malformed location is not followed, either.
    }
    throw CredentialException.lasting(
        shown(url) + " redirects to another server for its metadata, which is not followed.");
  }

  Answer post(String url, JsonNode body) throws CredentialException, InterruptedException {
    return send("POST", url, Map.of("Content-Type", "application/json"), json.bytes(body));
  }

  Answer post(String url, Map<String, String> headers, Map<String, String> form)
      throws CredentialException, InterruptedException {
    Map<String, String> fields = new HashMap<>(headers);
    fields.put("Content-Type", FORM);
    return send("POST", url, fields, form(form).getBytes(StandardCharsets.US_ASCII));
  }

  private Answer send(String method, String url, Map<String, String> headers, byte[] body)
      throws CredentialException, InterruptedException {
    return read(exchange(method, url, headers, body));
  }

  private Answer read(GuardedHttp.Answer answer) {
    return new Answer(answer.status(), json.parse(answer.body()).orElse(MissingNode.getInstance()));
  }

  private GuardedHttp.Answer exchange(
      String method, String url, Map<String, String> headers, byte[] body)
      throws CredentialException, InterruptedException {
    Map<String, String> fields = new HashMap<>(headers);
    fields.put("Accept", "application/json");
    try {
      List<String> hosts = List.of(Target.parse(url).host().name());
      return http.send(new GuardedHttp.Request(method, url, fields, body, hosts, TIME, LARGEST, 0));
    } catch (EgressRefusedException e) {
      throw CredentialException.lasting(e.sentence(shown(url)));
    } catch (IOException e) {
      throw CredentialException.passing(
          "%s did not answer as expected: %s".formatted(shown(url), e.getMessage()));
    }
  }

  /** The parameters of a form, encoded. */
  static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** A text, encoded for a form. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Checks an address that another server has named.
   *
   * @param mayBePlain whether it may be plain http, as that of the MCP server is
   * @throws CredentialException where it may not be called
   */
  static String checked(String url, boolean mayBePlain) throws CredentialException {
    try {
      URI _ = URI.create(url);
      if (Target.parse(url).secure() || mayBePlain) {
        return url;
      }
    } catch (EgressRefusedException | IllegalArgumentException e) {
      throw CredentialException.lasting(
          "An address that the server names for its authorization can't be called: "
              + e.getMessage());
    }
    throw CredentialException.lasting(
        "The server names %s for its authorization, which is not https.".formatted(shown(url)));
  }

  /** The host and port of an address, for a sentence. */
  static String shown(String url) {
    try {
      return Target.parse(url).place();
    } catch (EgressRefusedException e) {
      return "an address that can't be read";
    }
  }

  /**
   * The scheme, host and port of an address.
   *
   * @throws CredentialException where it can't be read
   */
  static String origin(String url) throws CredentialException {
    try {
      return Target.parse(url).origin();
    } catch (EgressRefusedException e) {
      throw CredentialException.lasting("The address can't be called: " + e.getMessage());
    }
  }

  /** Whether two addresses have the same scheme, host and port. */
  static boolean isSameOrigin(String one, String other) {
    try {
      return Target.parse(one).origin().equals(Target.parse(other).origin());
    } catch (EgressRefusedException e) {
      return false;
    }
  }

  static boolean isPlain(String url) {
    return url.toLowerCase(Locale.ROOT).startsWith("http:");
  }
}
