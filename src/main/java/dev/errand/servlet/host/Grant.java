package dev.errand.servlet.host;

import dev.errand.egress.HostNotation;
import java.util.List;
import java.util.Map;

/**
 * What one call of a servlet is given beyond its arguments.
 *
 * @param hosts the hosts that it may call, in the notation of {@link
 *     dev.errand.egress.GuardedHttp.Request#hosts()}; empty for none
 * @param config the settings that it may read, secrets among them
 * @param requests what it and the calls that share this may spend on the network, besides the limit
 *     of each call
 */
public record Grant(List<String> hosts, Map<String, String> config, HttpBudget requests) {
  /** Nothing: no network and no settings. */
  public static final Grant NONE = new Grant(List.of(), Map.of(), HttpBudget.UNLIMITED);

  public Grant {
    hosts = List.copyOf(hosts);
    config = Map.copyOf(config);
  }

  /**
   * Checks a host as it is written into a grant: a name, an address, {@code *.} before a domain, or
   * {@code *} for any.
   *
   * @throws IllegalArgumentException when it is none; the message continues "the host …"
   */
  public static String checkedHost(String host) {
    return HostNotation.checked(host);
  }

  /** Names the hosts and counts the settings, whose values are secret. */
  @Override
  public String toString() {
    return "Grant[hosts=" + hosts + ", config=" + config.size() + " settings]";
  }
}
