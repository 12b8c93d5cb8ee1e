package dev.errand.base.secret;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The keys that secrets are sealed with. */
@ConfigMapping(prefix = "errand.secret")
interface SecretConfig {

  /**
   * The master key, the base64 of 32 bytes. Required, but in development, where one is made in the
   * data folder.
   */
  Optional<String> key();

  /**
   * Former master keys, the base64 of 32 bytes each: what they sealed can still be opened, while
   * everything new is sealed with {@link #key()}.
   */
  Optional<List<String>> previousKeys();
}
