package dev.errand.tools.servlet.limit;

import dev.errand.base.egress.address.HostNotation;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.port.Remedy;
import java.util.List;
import java.util.Map;

/**
 * The permissions of one servlet call: hosts, settings and a budget of HTTP requests.
 *
 * @param hosts the hosts that it may call, in the notation of {@link
 *     dev.errand.base.egress.client.GuardedHttp.Request#hosts()}; empty for none
 * @param config the settings that it may read, secrets among them
 * @param requests the budget of HTTP requests that several calls share, in addition to the limit of
 *     each call
 * @param remedy says how the call gets what it lacks
 */
public record Grant(
    List<String> hosts,
    Map<String, String> config,
    HttpBudget requests,
    WorkOwner owner,
    Remedy remedy) {
  /** A grant without network, settings and owner. */
  public static final Grant NONE = none(WorkOwner.NOBODY);

  /** A grant without advice on how more hosts are granted. */
  public Grant(
      List<String> hosts, Map<String, String> config, HttpBudget requests, WorkOwner owner) {
    this(hosts, config, requests, owner, Remedy.NONE);
  }

  /** A grant without a specific owner. */
  public Grant(List<String> hosts, Map<String, String> config, HttpBudget requests) {
    this(hosts, config, requests, WorkOwner.NOBODY);
  }

  /** A grant without network and settings. */
  public static Grant none(WorkOwner owner) {
    return new Grant(List.of(), Map.of(), HttpBudget.UNLIMITED, owner);
  }

  public Grant {
    hosts = List.copyOf(hosts);
    config = Map.copyOf(config);
  }

  /**
   * Checks the notation of a host: a name, an address, {@code *.} before a domain, or {@code *} for
   * any host.
   *
   * @throws IllegalArgumentException when it is not valid; the message continues "the host …"
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
