package dev.errand.runs.live;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Requests that wait for runs or watch them. */
@ConfigMapping(prefix = "errand.watch")
public interface WatchConfig {

  /**
   * How many requests may watch runs at once, long polls and streams together; and how many streams
   * of {@code /api/mcp/sse} may be open. A user may have another one while it has fewer than are
   * free, so at most half of them. Those that wait for a webhook count for the owner of its
   * profile, and each trigger may have another one while it has fewer than the owner may still
   * take.
   */
  @WithDefault("1000")
  @WithConverter(OneOrMore.class)
  int most();

  /** How long a stream is silent before it sends a comment line. */
  @WithDefault("PT15S")
  @WithConverter(MoreThanZero.class)
  Duration heartbeat();

  /** How often the entries of other processes are read. */
  @WithDefault("PT0.2S")
  @WithConverter(MoreThanZero.class)
  Duration poll();

  /** How long a client may read nothing before its stream is cut off. */
  @WithDefault("PT30S")
  @WithConverter(MoreThanZero.class)
  Duration stalled();

  /**
   * The longest duration of one stream. It then ends without an {@code end} event, and the client
   * reconnects with its {@code Last-Event-ID}. Set it low where a platform buffers answers.
   */
  @WithDefault("PT1H")
  Duration longest();
}
