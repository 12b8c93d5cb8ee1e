package dev.errand.identity.account;

import dev.errand.base.secret.Sha256;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords by bcrypt. It hashes their SHA-256, because bcrypt ignores everything after the
 * 72nd byte.
 */
public final class PasswordHash {
  /** The fewest characters of a password. */
  public static final int SHORTEST = 12;

  /** The most characters of a password. */
  public static final int LONGEST = 200;

  // 4096 rounds.
  private static final int COST = 12;

  // The hash of no password, so that a user without one takes the same time.
  private static final String NOBODYS =
      "$2a$12$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE";

  private PasswordHash() {}

  /** The hash to store. */
  public static String of(String password) {
    return BcryptUtil.bcryptHash(digest(password), COST);
  }

  /**
   * Whether a password matches a stored hash.
   *
   * @param hash the hash; null where there is none, which takes the same time
   */
  public static boolean matches(String password, @Nullable String hash) {
    boolean matches = BcryptUtil.matches(digest(password), hash == null ? NOBODYS : hash);
    return matches && hash != null;
  }

  private static String digest(String password) {
    return Base64.getEncoder().encodeToString(Sha256.of(password));
  }
}
