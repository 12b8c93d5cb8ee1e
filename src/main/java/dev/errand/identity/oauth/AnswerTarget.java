package dev.errand.identity.oauth;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The redirect address of an answer to a client, which the client has registered.
 *
 * @param redirectUri the address
 * @param state the client's state, which is sent back; null for none
 * @param issuer the issuer that answers (RFC 9207)
 */
record AnswerTarget(String redirectUri, @Nullable String state, String issuer) {
  URI withCode(String code) {
    return with(Map.of("code", code));
  }

  /** The address with an error (RFC 6749, section 4.1.2.1). */
  URI withError(String error, String description) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("error", error);
    parameters.put("error_description", description);
    return with(parameters);
  }

  private URI with(Map<String, String> answer) {
    Map<String, String> parameters = new LinkedHashMap<>(answer);
    if (state != null) {
      parameters.put("state", state);
    }
    parameters.put("iss", issuer);
    String query =
        parameters.entrySet().stream()
            .map(
                parameter ->
                    parameter.getKey()
                        + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return URI.create(redirectUri + (redirectUri.indexOf('?') < 0 ? "?" : "&") + query);
  }

  /** The place that the address leads to, for people. */
  String place() {
    URI uri = URI.create(redirectUri);
    return isElsewhere()
        ? String.valueOf(uri.getHost())
        : "a program on your own device (%s)"
            .formatted(uri.getHost() == null ? uri.getScheme() + ":" : uri.getRawAuthority());
  }

  /** Whether the address is one on the web, and not a program of the user's own device. */
  boolean isElsewhere() {
    return "https".equalsIgnoreCase(URI.create(redirectUri).getScheme());
  }

  /** The source for {@code form-action}, which browsers also apply to redirects after a form. */
  String source() {
    URI uri = URI.create(redirectUri);
    boolean isNamed =
        uri.getHost() != null && uri.getRawAuthority().matches("[A-Za-z0-9.-]+(:[0-9]+)?");
    return isNamed && uri.getScheme().toLowerCase(Locale.ROOT).startsWith("http")
        ? uri.getScheme() + "://" + uri.getRawAuthority()
        : uri.getScheme() + ":";
  }
}
