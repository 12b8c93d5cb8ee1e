package dev.errand.base.secret;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The keys that secrets are sealed with. */
@ConfigMapping(prefix = "errand.secret")
interface SecretConfig {
  /**
   * The master key, the base64 of 32 bytes. Required with a database of your own; for the embedded
   * one, a key is generated at the first start, in {@code secret.key} in the data folder.
   */
  Optional<String> key();

  /**
   * Former master keys, the base64 of 32 bytes each: they still open what they sealed; everything
   * new is sealed with {@link #key()}.
   */
  Optional<List<String>> previousKeys();
}
