package dev.errand.tools.servlet.limit;

import dev.errand.base.egress.address.HostNotation;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What one call of a servlet is given beyond its arguments.
 *
 * @param hosts the hosts that it may call, in the notation of {@link
 *     dev.errand.base.egress.client.GuardedHttp.Request#hosts()}; empty for none
 * @param config the settings that it may read, secrets among them
 * @param requests what it and the calls that share this may spend on the network, besides the limit
 *     of each call
 * @param owner for whom the call is
 * @param remedy says of a host how it is granted
 */
public record Grant(
    List<String> hosts,
    Map<String, String> config,
    HttpBudget requests,
    CallOwner owner,
    UnaryOperator<String> remedy) {
  /** Nothing: no network and no settings. */
  public static final Grant NONE = none(CallOwner.NOBODY);

  /** A grant by somebody who can't say how more is granted. */
  public Grant(
      List<String> hosts, Map<String, String> config, HttpBudget requests, CallOwner owner) {
    this(hosts, config, requests, owner, host -> "");
  }

  /** A grant for nobody in particular. */
  public Grant(List<String> hosts, Map<String, String> config, HttpBudget requests) {
    this(hosts, config, requests, CallOwner.NOBODY);
  }

  /** Nothing, for somebody. */
  public static Grant none(CallOwner owner) {
    return new Grant(List.of(), Map.of(), HttpBudget.UNLIMITED, owner);
  }

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
