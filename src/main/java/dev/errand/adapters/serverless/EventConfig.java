package dev.errand.adapters.serverless;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Which events are taken. Without a token and without an issuer, none are. */
@ConfigMapping(prefix = "errand.events")
public interface EventConfig {
  /** What an event brings as {@code Authorization: Bearer …}; 32 or more characters. */
  Optional<String> token();

  /** Tokens of an OpenID provider, such as a cluster's own issuer, which Knative makes. */
  Oidc oidc();

  /** Whose tokens are taken, and for whom they must be made. */
  interface Oidc {
    /** The issuer, as it stands in {@code iss}. */
    Optional<URI> issuer();

    /** Whom the token must be made for, as it stands in {@code aud}. */
    @WithDefault("errand")
    String audience();

    /** Where the issuer's keys are; by default what its discovery document names. */
    Optional<URI> keys();
  }
}
