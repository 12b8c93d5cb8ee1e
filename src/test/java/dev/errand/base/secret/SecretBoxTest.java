package dev.errand.base.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretBoxTest {
  private static final String KEY = keyOf(1);
  private static final String OTHER_KEY = keyOf(2);

  private final SecretBox box = new SecretBox(KEY, List.of());

  @ParameterizedTest
  @ValueSource(strings = {"sk-a-secret", "", "ключ 🔑", "a\0b"})
  void sealedSecretsOpenAgain(String secret) {
    assertEquals(
        secret, box.open(box.seal(new PlainSecret(secret), "task/1/key"), "task/1/key").value());
  }

  @Test
  void sealingTheSameSecretTwiceDiffers() {
    assertFalse(
        Arrays.equals(
            box.seal(new PlainSecret("s"), "c").bytes(),
            box.seal(new PlainSecret("s"), "c").bytes()));
  }

  @Test
  void aSealDoesNotContainTheSecret() {
    byte[] sealed = box.seal(new PlainSecret("sk-a-secret"), "c").bytes();

    assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("sk-a"));
  }

  @Test
  void aSealOpensOnlyForItsContext() {
    Sealed sealed = box.seal(new PlainSecret("secret"), "task/1/key");

    assertBroken(box, sealed, "task/2/key");
    assertBroken(box, sealed, "");
  }

  @Test
  void aSealForAServerOpensForThatServerOnly() {
    SecretServer server = SecretServer.ofUrl("https://api.example.com/v1");
    Sealed sealed = box.seal(new PlainSecret("secret"), "task/1/key", server);

    assertEquals("secret", box.open(sealed, "task/1/key", server).value());
    for (String other :
        Arrays.asList(
            null,
            "http://api.example.com/v1",
            "https://api.example.com:8443/v1",
            "https://api.example.com.evil.example/v1",
            "https://api.example.com:443@evil.example/v1",
            "https://api.example.com\\@evil.example/v1")) {
      assertThrows(
          SealBrokenException.class,
          () -> box.open(sealed, "task/1/key", SecretServer.ofUrl(other)),
          other);
    }
    assertThrows(
        SealBrokenException.class,
        () -> box.open(sealed, "task/1/key", SecretServer.ofIssuer("https://api.example.com:443")));
    assertBroken(box, sealed, "task/1/key");
    assertThrows(SealBrokenException.class, () -> box.open(sealed, "task/2/key", server));
  }

  /** The key of the provider {@code main} in the database of 0.1.0. */
  @Test
  void aSealOfAReleasedVersionOpens() {
    SecretBox released = new SecretBox("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", List.of());
    Sealed sealed =
        new Sealed(
            HexFormat.of()
                .parseHex(
                    "01630dcd2980329aa5e4b1d7e081d4a81937039969f81e9b451dc4c35526a920abcd7bd76fa3"
                        + "890395001bdf43f157e5be5f7b1e6af12cc9"));

    assertEquals(
        "sk-a-key-for-tests-1234",
        released.open(sealed, "provider/985f1c9e-45d6-40a0-8748-ea6973f7b2ae/key").value());
  }

  @Test
  void theFormOfASealCantBeChanged() {
    SecretServer server = SecretServer.ofUrl(null);
    byte[] unbound = box.seal(new PlainSecret("secret"), "c").bytes();
    byte[] bound = box.seal(new PlainSecret("secret"), "c", server).bytes();

    unbound[0] = SecretBox.FOR_SERVER;
    bound[0] = SecretBox.FOR_CONTEXT;
    assertThrows(SealBrokenException.class, () -> box.open(new Sealed(unbound), "c", server));
    assertBroken(box, new Sealed(bound), "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com",
        "https://api.example.com/",
        "https://api.example.com/v2?a=b",
        "HTTPS://API.example.com:443/v1"
      })
  void allAddressesOfAServerAreOne(String url) {
    assertEquals(SecretServer.ofUrl("https://api.example.com/v1"), SecretServer.ofUrl(url));
  }

  @Test
  void everyBitCounts() {
    byte[] sealed = box.seal(new PlainSecret("secret"), "c").bytes();

    for (int at = 0; at < sealed.length * 8; at++) {
      byte[] flipped = sealed.clone();
      flipped[at / 8] ^= (byte) (1 << (at % 8));
      assertBroken(box, new Sealed(flipped), "c");
    }
    assertEquals("secret", box.open(new Sealed(sealed), "c").value());
  }

  @Test
  void aSealThatLacksOrGainsBytesDoesNotOpen() {
    byte[] sealed = box.seal(new PlainSecret("secret"), "c").bytes();

    for (int length = 0; length < sealed.length; length++) {
      assertBroken(box, new Sealed(Arrays.copyOf(sealed, length)), "c");
    }
    assertBroken(box, new Sealed(Arrays.copyOf(sealed, sealed.length + 1)), "c");
  }

  @Test
  void aFormerKeyOpensWhatItSealedAndTheNewOneSeals() {
    Sealed old = box.seal(new PlainSecret("secret"), "c");
    SecretBox turned = new SecretBox(OTHER_KEY, List.of(KEY));

    assertEquals("secret", turned.open(old, "c").value());
    Sealed fresh = turned.seal(new PlainSecret("secret"), "c");
    assertBroken(box, fresh, "c");
    assertEquals("secret", new SecretBox(OTHER_KEY, List.of()).open(fresh, "c").value());
  }

  @Test
  void anotherKeyOpensNothing() {
    assertBroken(
        new SecretBox(OTHER_KEY, List.of()), box.seal(new PlainSecret("secret"), "c"), "c");
  }

  @Test
  void secretsDoNotPrintThemselves() {
    PlainSecret opened = new PlainSecret("sk-a-secret");

    assertEquals("PlainSecret[…]", opened.toString());
    assertEquals("Sealed[44 bytes]", box.seal(opened, "c").toString());
    assertFalse(box.toString().contains("sk-a-secret"));
  }

  @Test
  void whiteSpaceAroundAKeyIsNoPartOfIt() {
    SecretBox same = new SecretBox(" " + KEY + "\n", List.of());

    assertEquals("secret", same.open(box.seal(new PlainSecret("secret"), "c"), "c").value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no base64 at all!",
        "AAECAwQFBgcICQoLDA0ODw==",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=",
      })
  void aKeyOfAnotherShapeIsRefusedWithoutBeingRepeated(String key) {
    IllegalStateException first =
        assertThrows(IllegalStateException.class, () -> new SecretBox(key, List.of()));
    IllegalStateException former =
        assertThrows(IllegalStateException.class, () -> new SecretBox(KEY, List.of(key)));

    assertEquals(
        "ERRAND_SECRET_KEY is not the base64 of 32 bytes: generate one with `openssl rand -base64 32`.",
        first.getMessage());
    assertEquals(
        "ERRAND_SECRET_PREVIOUS_KEYS is not the base64 of 32 bytes: generate one with `openssl rand"
            + " -base64 32`.",
        former.getMessage());
  }

  @Test
  void aSealKeepsTheFormatThatIsDocumented() {
    byte[] sealed = box.seal(new PlainSecret("secret"), "c").bytes();

    assertEquals(1 + 4 + 12 + 6 + 16, sealed.length);
    assertEquals(1, sealed[0]);
    assertArrayEquals(
        Arrays.copyOfRange(sealed, 1, 5),
        Arrays.copyOfRange(box.seal(new PlainSecret("other"), "d").bytes(), 1, 5));
  }

  private static void assertBroken(SecretBox with, Sealed sealed, String context) {
    assertThrows(SealBrokenException.class, () -> with.open(sealed, context));
  }

  private static String keyOf(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
