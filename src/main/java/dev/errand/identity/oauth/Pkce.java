package dev.errand.identity.oauth;

import dev.errand.base.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Proof Key for Code Exchange (RFC 7636), only by S256. */
public final class Pkce {
  /** The only supported method. */
  public static final String METHOD = "S256";

  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  private Pkce() {}

  /** Whether a text can be a challenge: 32 bytes in Base64. */
  public static boolean isChallenge(@Nullable String text) {
    return text != null && CHALLENGE.matcher(text).matches();
  }

  static boolean matches(@Nullable String verifier, String challenge) {
    return verifier != null
        && VERIFIER.matcher(verifier).matches()
        && MessageDigest.isEqual(
            Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Sha256.of(verifier))
                .getBytes(StandardCharsets.US_ASCII),
            challenge.getBytes(StandardCharsets.US_ASCII));
  }
}
