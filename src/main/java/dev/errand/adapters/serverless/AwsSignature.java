package dev.errand.adapters.serverless;

import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.Sha256;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signs POST requests for AWS (Signature Version 4), so that IAM can decide whether the sender may
 * send them.
 *
 * @param service the service that receives the requests, by its name in signatures
 */
record AwsSignature(String region, String service) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /**
   * Credentials of AWS.
   *
   * @param token the session token of temporary credentials, as a function has them
   */
  record Credentials(String keyId, String secret, @Nullable String token) {
    /** The credentials in the environment, where Lambda puts them. */
    static Optional<Credentials> of(Map<String, String> environment) {
      String keyId = environment.get("AWS_ACCESS_KEY_ID");
      String secret = environment.get("AWS_SECRET_ACCESS_KEY");
      return keyId == null || secret == null
          ? Optional.empty()
          : Optional.of(new Credentials(keyId, secret, environment.get("AWS_SESSION_TOKEN")));
    }

    @Override
    public String toString() {
      return keyId;
    }
  }

  /**
   * The header fields of a signed request.
   *
   * @param token null for credentials without one
   */
  record Headers(String authorization, String date, @Nullable String token) {}

  /**
   * Signs a request.
   *
   * @param url its address, without a query
   */
  Headers sign(URI url, byte[] body, Credentials credentials, Instant now) {
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    TreeMap<String, String> headers = new TreeMap<>();
    headers.put("host", url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort());
    headers.put("x-amz-date", time);
    if (credentials.token() != null) {
      headers.put("x-amz-security-token", credentials.token());
    }
    String signed = String.join(";", headers.keySet());
    String lines =
        headers.entrySet().stream()
            .map(header -> header.getKey() + ":" + header.getValue() + "\n")
            .collect(Collectors.joining());
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String request = String.join("\n", "POST", path, "", lines, signed, Sha256.hex(body));
    List<String> parts = List.of(day, region, service, "aws4_request");
    String scope = String.join("/", parts);
    String text = String.join("\n", ALGORITHM, time, scope, Sha256.hex(request));
    byte[] key = bytes("AWS4" + credentials.secret());
    for (String part : parts) {
      key = Hmac.sha256(key, bytes(part));
    }
    String authorization =
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(
                ALGORITHM,
                credentials.keyId(),
                scope,
                signed,
                HexFormat.of().formatHex(Hmac.sha256(key, bytes(text))));
    return new Headers(authorization, time, credentials.token());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
