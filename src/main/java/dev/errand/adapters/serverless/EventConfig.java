package dev.errand.adapters.serverless;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Authentication of events. Without a token and an issuer, no event is accepted. */
@ConfigMapping(prefix = "errand.events")
public interface EventConfig {
  /** The bearer token of events, 32 or more characters. */
  Optional<String> token();

  /** Tokens of an OpenID provider, such as those that Knative issues in a cluster. */
  Oidc oidc();

  /** The accepted issuer and audience. */
  interface Oidc {
    /** The issuer, the claim {@code iss}. */
    Optional<URI> issuer();

    /** The audience, the claim {@code aud}. */
    @WithDefault("errand")
    String audience();

    /**
     * The accepted subjects, the claim {@code sub}; one with a {@code *} at its end stands for all
     * that begin with it. Without any, every token of the issuer for the audience is accepted.
     */
    Optional<List<String>> subjects();

    /** The address of the issuer's keys; by default from its discovery document. */
    Optional<URI> keys();
  }
}
