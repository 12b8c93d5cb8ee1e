package dev.errand.identity.signin;

import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Limits of attempts to sign in, in each process. */
@ConfigMapping(prefix = "errand.sign-in")
interface SignInConfig {
  /** The most attempts to sign in to an account per minute from one network address. */
  @WithDefault("10")
  @WithConverter(OneOrMore.class)
  int perAccount();

  /**
   * The most attempts to sign in to an account per minute from all network addresses where its user
   * is not signed in.
   */
  @WithDefault("60")
  @WithConverter(OneOrMore.class)
  int perAccountByStrangers();

  /** The most attempts to sign in from a network address per minute; IPv6 is counted by the /64. */
  @WithDefault("30")
  @WithConverter(OneOrMore.class)
  int perAddress();
}
