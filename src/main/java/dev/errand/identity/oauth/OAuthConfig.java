package dev.errand.identity.oauth;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import dev.errand.base.config.TrueOrFalse;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/**
 * The authorization server, by which users let other programs act for them over MCP: the built-in
 * one, or another one.
 */
@ConfigMapping(prefix = "errand.oauth")
public interface OAuthConfig {
  /**
   * Another authorization server in place of the built-in one, by its issuer, exactly as its tokens
   * name it; `errand.url` has to be set then. The endpoints of the built-in one are switched off,
   * and its tokens are no longer accepted.
   */
  Optional<@WithConverter(IssuerReader.class) URI> issuer();

  /** The address of that server's keys, or a file with them; by default as its metadata say. */
  Optional<URI> keys();

  /**
   * The claim of that server's access tokens that is the name of the user here, such as {@code
   * username}; without it, only users who have signed in by OIDC at the same issuer are known. Use
   * it only where nobody can choose the claim's value.
   */
  Optional<String> userClaim();

  /** How long an access token lasts. */
  @WithDefault("PT1H")
  @WithConverter(MoreThanZero.class)
  Duration accessToken();

  /** How long a refresh token lasts; each refresh issues a new one. */
  @WithDefault("P30D")
  @WithConverter(MoreThanZero.class)
  Duration refreshToken();

  /** Whether clients may register themselves (RFC 7591). */
  @WithDefault("true")
  @WithConverter(TrueOrFalse.class)
  boolean registration();

  /** The most registrations from a network address per minute, in each process. */
  @WithDefault("20")
  @WithConverter(OneOrMore.class)
  int registrationsPerMinute();

  /**
   * How many clients that registered themselves are kept. Those without a grant are removed after a
   * day, and before where there is no room: first those that are older than an hour, then those of
   * the networks (/24, /48) that have most. A network has a twentieth of the number for them.
   */
  @WithDefault("10000")
  @WithConverter(OneOrMore.class)
  int registeredClients();

  /** How many grants a user may have. */
  @WithDefault("100")
  @WithConverter(OneOrMore.class)
  int grantsPerUser();

  /** Reads the issuer of an authorization server (RFC 8414, section 2). */
  final class IssuerReader implements Converter<URI> {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable URI convert(String value) {
      if (value.isEmpty()) {
        return null;
      }
      try {
        URI issuer = new URI(value);
        boolean isHttp = "https".equals(issuer.getScheme()) || "http".equals(issuer.getScheme());
        if (isHttp
            && issuer.getHost() != null
            && issuer.getRawQuery() == null
            && issuer.getRawFragment() == null) {
          return issuer;
        }
      } catch (URISyntaxException e) {
        // The exception below says what is expected.
      }
      throw new IllegalArgumentException("must be an address such as https://id.example.com");
    }
  }
}
