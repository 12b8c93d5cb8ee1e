package dev.errand.identity.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final String ZERO = "err_" + "0".repeat(43);

  /** Random bytes that are all the same. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte each;

    Fixed(int each) {
      this.each = (byte) each;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      Arrays.fill(bytes, each);
    }
  }

  @Test
  void aTokenHasItsFormAndAChecksum() {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < 100; i++) {
      String token = Tokens.random(random);
      assertTrue(token.matches("err_[0-9A-Za-z]{49}"), token);
      assertTrue(Tokens.isToken(token) && Tokens.isWhole(token), token);
    }
  }

  @Test
  void theChecksumIsTheCrcOfWhatStandsBeforeIt() {
    // By Python: zlib.crc32(b"err_" + b"0" * 43), in base 62.
    assertEquals(ZERO + "0eUvTI", Tokens.random(new Fixed(0)));
    assertTrue(Tokens.isWhole(Tokens.random(new Fixed(0xff))));
  }

  @Test
  void eachWrongCharacterIsFound() {
    String token = Tokens.random(new SecureRandom());
    for (int i = "err_".length(); i < token.length(); i++) {
      char other = token.charAt(i) == 'a' ? 'b' : 'a';
      assertFalse(Tokens.isWhole(token.substring(0, i) + other + token.substring(i + 1)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "err_", "err_abc", "Err_0000000000000000000000000000000000000000000000000"})
  void otherCredentialsAreNone(String credential) {
    assertFalse(Tokens.isToken(credential));
  }
}
