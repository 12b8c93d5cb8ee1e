package dev.errand.base.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTest {
  @Test
  void theExampleOfTheSpecificationIsSignedAsItSays() {
    WebhookSecret secret = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    assertEquals(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.ofEpochSecond(1614265330),
            "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aGeneratedOneReadsAsItIsWrittenAndIsNoOther() {
    WebhookSecret secret = WebhookSecret.generate();
    String text = secret.open().value();

    assertTrue(text.startsWith("whsec_"), text);
    assertEquals(32, Base64.getDecoder().decode(text.substring(6)).length);
    assertArrayEquals(
        secret.code("id", "1", new byte[] {1}),
        WebhookSecret.parse(text).code("id", "1", new byte[] {1}));
    assertNotEquals(text, WebhookSecret.generate().open().value());
    assertFalse(secret.toString().contains(text.substring(6)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "whsec_",
        "whsec_not base64!",
        "whsec_c2hvcnQ=",
        "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=",
        "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      })
  void invalidSecretsAreRefusedWithoutShowingThem(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> WebhookSecret.parse(text));
    assertTrue(
        text.length() < 7 || !String.valueOf(e.getMessage()).contains(text.substring(6)),
        e.getMessage());
  }
}
