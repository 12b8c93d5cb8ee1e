package dev.errand.base.turn;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * Work for requests that takes long: conditions, comparisons, checks of schemas, previews,
 * calendars, and searches by text.
 */
@ConfigMapping(prefix = "errand.compute")
public interface ComputeConfig {
  /**
   * How many threads compute for requests; one less than there are cores when not set, and at least
   * 2. One user gets all but one of them.
   */
  @WithConverter(OneOrMore.class)
  Optional<Integer> threads();

  /**
   * How many requests of one user may compute or wait for a thread at once, and as many may search
   * texts; more are answered 503. A delivery to a trigger counts for the owner of its profile.
   */
  @WithDefault("16")
  @WithConverter(OneOrMore.class)
  int perUser();

  /** How long a request waits for its turn, before it is answered 503. */
  @WithDefault("PT5S")
  @WithConverter(MoreThanZero.class)
  Duration patience();

  /**
   * How long the work of a request takes at most, before it is ended and answered 503; a preview of
   * rules ends after as long with what it has found. Every 0.1 s it lets others go on who wait.
   */
  @WithDefault("PT5S")
  @WithConverter(MoreThanZero.class)
  Duration longest();
}
