package dev.errand.adapters.serverless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.adapters.serverless.AwsSignature.Credentials;
import dev.errand.adapters.serverless.AwsSignature.Headers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests are signed as in the examples that AWS publishes. */
class AwsSignatureTest {
  private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
  private static final AwsSignature SIGNATURE = new AwsSignature("us-east-1", "service");
  private static final URI URL = URI.create("https://example.amazonaws.com/");
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "AWS_ACCESS_KEY_ID",
          "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY",
          "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

  @Test
  void aPostIsSignedAsInTheTestSuiteOfAws() {
    Headers headers = SIGNATURE.sign(URL, new byte[0], credentials(ENVIRONMENT), NOW);
    assertEquals(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
            + " SignedHeaders=host;x-amz-date,"
            + " Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        headers.authorization());
    assertEquals("20150830T123600Z", headers.date());
    assertNull(headers.token());
  }

  @Test
  void aTokenThatLastsForAWhileIsSignedToo() {
    Credentials credentials =
        credentials(
            Map.of(
                "AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b", "AWS_SESSION_TOKEN", "c"));
    Headers headers = SIGNATURE.sign(URL, new byte[0], credentials, NOW);
    assertEquals("c", headers.token());
    assertTrue(
        headers.authorization().contains("SignedHeaders=host;x-amz-date;x-amz-security-token,"));
  }

  @Test
  void anotherBodyPortOrPathIsSignedOtherwise() {
    Credentials credentials = credentials(ENVIRONMENT);
    String plain = SIGNATURE.sign(URL, new byte[0], credentials, NOW).authorization();
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    assertNotEquals(plain, SIGNATURE.sign(URL, body, credentials, NOW).authorization());
    for (String other : new String[] {"events", ":8443/"}) {
      URI url =
          URI.create(
              URL.toString().replaceFirst("/$", other.startsWith(":") ? other : "/" + other));
      assertNotEquals(plain, SIGNATURE.sign(url, new byte[0], credentials, NOW).authorization());
    }
  }

  @Test
  void withoutCredentialsThereAreNone() {
    assertTrue(Credentials.of(Map.of("AWS_ACCESS_KEY_ID", "a")).isEmpty());
    assertFalse(credentials(ENVIRONMENT).toString().contains("wJalr"), "a secret is not logged");
  }

  private static Credentials credentials(Map<String, String> environment) {
    return Credentials.of(environment).orElseThrow();
  }
}
