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
import java.util.List;
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
  void whatIsNoSecretIsRefusedWithoutBeingTold(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> WebhookSecret.parse(text));
    assertTrue(
        text.length() < 7 || !String.valueOf(e.getMessage()).contains(text.substring(6)),
        e.getMessage());
  }

  @Test
  void aSignatureOfTheBoxHoldsForItsPurposeItsTextAndItsKeysAlone() {
    String former = Base64.getEncoder().encodeToString(new byte[32]);
    byte[] other = new byte[32];
    other[0] = 1;
    String newer = Base64.getEncoder().encodeToString(other);
    byte[] text = {1, 2, 3};
    byte[] signature = new SecretBox(former, List.of()).sign("a", text);

    assertTrue(new SecretBox(former, List.of()).isSigned("a", text, signature));
    assertTrue(new SecretBox(newer, List.of(former)).isSigned("a", text, signature));
    assertFalse(new SecretBox(newer, List.of()).isSigned("a", text, signature));
    assertFalse(new SecretBox(former, List.of()).isSigned("b", text, signature));
    assertFalse(new SecretBox(former, List.of()).isSigned("a", new byte[] {1, 2}, signature));
    assertFalse(new SecretBox(former, List.of()).isSigned("a", text, new byte[0]));
  }
}
