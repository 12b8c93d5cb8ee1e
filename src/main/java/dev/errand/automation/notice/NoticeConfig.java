package dev.errand.automation.notice;

import dev.errand.base.config.OneOrMore;
import dev.errand.base.config.ZeroOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Limits of notices. */
@ConfigMapping(prefix = "errand.notice")
public interface NoticeConfig {

  /** The most notices of a profile. */
  @WithDefault("50")
  @WithConverter(ZeroOrMore.class)
  int perProfile();

  /** How many messages a profile sends in an hour; what exceeds it is told in one message later. */
  @WithDefault("60")
  @WithConverter(OneOrMore.class)
  int perProfilePerHour();

  /**
   * How many messages an address gets in an hour, whatever profiles send them. Of these, each user
   * whose profiles write to it has an equal share that others can't use up; so it gets more, up to
   * 66 for 20, where one user after the other begins to write to it.
   */
  @WithDefault("20")
  @WithConverter(OneOrMore.class)
  int perAddressPerHour();
}
