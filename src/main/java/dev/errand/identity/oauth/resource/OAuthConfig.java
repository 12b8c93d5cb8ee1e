package dev.errand.identity.oauth.resource;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import dev.errand.base.config.TrueOrFalse;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The authorization server, by which users let other programs act for them over MCP. */
@ConfigMapping(prefix = "errand.oauth")
public interface OAuthConfig {

  /** How long an access token lasts. */
  @WithDefault("PT1H")
  @WithConverter(MoreThanZero.class)
  Duration accessToken();

  /** How long a refresh token lasts; each refresh makes a new one. */
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

  /** How many clients that registered themselves are kept; unused ones go after a day. */
  @WithDefault("10000")
  @WithConverter(OneOrMore.class)
  int registeredClients();

  /** How many grants a user may have. */
  @WithDefault("100")
  @WithConverter(OneOrMore.class)
  int grantsPerUser();
}
