package dev.errand.base.egress.address;

import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The hosts and ports that tools and tasks may call. An empty value is an empty list. */
@ConfigMapping(prefix = "errand.egress")
public interface EgressConfig {
  /**
   * Host names, {@code *.domain}, addresses or CIDRs, each optionally with {@code :port} (IPv6 in
   * brackets then), that are exempt from the address and port rules. A tool must still be granted
   * the host. Empty by default.
   */
  Optional<List<String>> allow();

  /**
   * More entries like those of {@link #allow}, so that setting that one leaves these. In
   * development it is the service itself, which has the demo's model and page.
   */
  Optional<List<String>> allowAlways();

  /**
   * Host names, {@code *.domain}, addresses or CIDRs that are never called, even when {@link
   * #allow} names them. Empty by default.
   */
  Optional<List<String>> blocklist();

  /** Ports and ranges of ports that may be called, 1 to 65535. */
  @WithDefault("80,443,8000-9000")
  Optional<List<String>> ports();

  /**
   * The most connections to one address of a model's server. By default one more than the runs that
   * a process may hold: {@code errand.worker.most}, or else 10,000, or {@code
   * errand.worker.concurrency} and a quarter more.
   */
  Optional<@WithConverter(OneOrMore.class) Integer> connectionsPerAddress();
}
