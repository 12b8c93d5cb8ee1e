package dev.errand.base.egress.address;

import dev.errand.base.egress.address.EgressRefusedException.Reason;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Decides which hosts, ports and addresses may be called, without network access. It is created at
 * the start, so that a wrong configuration stops the start.
 */
@Startup
@Singleton
public final class EgressPolicy {
  /** Hosts from which any process in a cloud can fetch credentials. */
  private static final List<HostPattern> METADATA =
      List.of(
          HostPattern.parse("metadata"),
          HostPattern.parse("metadata.google.internal"),
          HostPattern.parse("*.metadata.google.internal"),
          HostPattern.parse("metadata.goog"),
          HostPattern.parse("instance-data"),
          HostPattern.parse("instance-data.ec2.internal"),
          HostPattern.parse("metadata.azure.internal"),
          HostPattern.parse("metadata.tencentyun.com"),
          HostPattern.parse("metadata.platformequinix.com"));

  private final List<EgressRule> allow;
  private final List<EgressRule> blocklist;
  private final List<PortRange> ports;

  @Inject
  EgressPolicy(EgressConfig config) {
    this(
        Stream.of(config.allow(), config.allowAlways())
            .flatMap(entries -> entries.orElse(List.of()).stream())
            .toList(),
        config.blocklist().orElse(List.of()),
        config.ports().orElse(List.of()));
  }

  /**
   * A policy of the entries of {@link EgressConfig}.
   *
   * @throws ConfigurationException when an entry can't be read; the message names it
   */
  public EgressPolicy(List<String> allow, List<String> blocklist, List<String> ports) {
    this.allow = read("errand.egress.allow", allow, EgressRule::parse);
    this.blocklist = read("errand.egress.blocklist", blocklist, EgressPolicy::blocked);
    this.ports = read("errand.egress.ports", ports, PortRange::parse);
  }

  /**
   * Checks what can be checked of a URL without resolving its host: its syntax, host and port, and
   * its address when the host is one. A URL that passes may still be refused once the addresses of
   * its host are known.
   *
   * @throws EgressRefusedException when it may not be called; the message says why, and by which
   *     setting it could be
   */
  public void checkUrl(URI url) throws EgressRefusedException {
    check(Target.parse(url.toString()));
  }

  /**
   * Checks a URL in a request as {@link #checkUrl} does.
   *
   * @param field the field that has it
   * @throws ApiException {@link ErrorCode#EGRESS_REFUSED} when it may not be called
   */
  public void require(String field, URI url) {
    try {
      checkUrl(url);
    } catch (EgressRefusedException e) {
      String why = String.valueOf(e.getMessage());
      throw new ApiException(
          ErrorCode.EGRESS_REFUSED,
          field + ": " + why,
          List.of(new ApiException.FieldError(field, why)));
    }
  }

  /**
   * Whether an open or future connection may be used for a host.
   *
   * @param host the host of the URL, as a name or an address
   */
  boolean permits(String host, InetAddress address, int port) {
    try {
      return refusal(HostName.parse(host), AddressSpace.plain(address), port).isEmpty();
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  /** Refuses a host that the caller was not granted. */
  public void checkGranted(Target target, List<String> hosts) throws EgressRefusedException {
    boolean granted =
        hosts.stream()
            .flatMap(host -> HostPattern.tryParse(host).stream())
            .anyMatch(pattern -> pattern.covers(target.host()));
    if (!granted) {
      throw EgressRefusedException.notGranted(target.host().name());
    }
  }

  /** Refuses a target that is forbidden whatever addresses its host has. */
  public void check(Target target) throws EgressRefusedException {
    Optional<InetAddress> literal = target.host().address();
    if (literal.isPresent()) {
      permitted(target, List.of(literal.get()));
      return;
    }
    Optional<Refusal> refusal = refusal(target.host(), target.port());
    if (refusal.isEmpty()
        && !isOpen(target.port())
        && allow.stream().noneMatch(rule -> rule.mightMatch(target.host(), target.port()))) {
      refusal = Optional.of(closedPort(target.host(), target.port()));
    }
    if (refusal.isPresent()) {
      throw refusal.get().thrown();
    }
  }

  /** The addresses of a host that may be called, in the order given; never none. */
  public List<InetAddress> permitted(Target target, List<InetAddress> addresses)
      throws EgressRefusedException {
    List<InetAddress> plain = addresses.stream().map(AddressSpace::plain).distinct().toList();
    List<InetAddress> permitted =
        plain.stream()
            .filter(address -> refusal(target.host(), address, target.port()).isEmpty())
            .toList();
    if (permitted.isEmpty()) {
      throw plain.stream()
          .flatMap(address -> refusal(target.host(), address, target.port()).stream())
          .findFirst()
          .orElse(
              new Refusal(Reason.ADDRESS, "The host " + target.host().name() + " has no address."))
          .thrown();
    }
    return permitted;
  }

  /** Why a call is refused, and a sentence that says so. */
  private record Refusal(Reason reason, String sentence) {
    EgressRefusedException thrown() {
      return new EgressRefusedException(reason, sentence);
    }
  }

  private Optional<Refusal> refusal(HostName host, InetAddress address, int port) {
    Optional<Refusal> byName = refusal(host, port);
    if (byName.isPresent()) {
      return byName;
    }
    InetAddress meant = AddressSpace.meant(address);
    if (blocklist.stream()
        .anyMatch(rule -> rule.matches(host, address, port) || rule.matches(host, meant, port))) {
      return Optional.of(onBlocklist(host));
    }
    if (allow.stream().anyMatch(rule -> rule.matches(host, address, port))) {
      return Optional.empty();
    }
    Optional<String> special = AddressSpace.special(address);
    if (special.isPresent()) {
      return Optional.of(
          new Refusal(
              Reason.ADDRESS,
              "The host %s leads to %s address, which may not be called; %s"
                  .formatted(host.name(), special.get(), remedy(host, port))));
    }
    return isOpen(port) ? Optional.empty() : Optional.of(closedPort(host, port));
  }

  private Optional<Refusal> refusal(HostName host, int port) {
    if (blocklist.stream().anyMatch(rule -> rule.names(host, port))) {
      return Optional.of(onBlocklist(host));
    }
    if (METADATA.stream().anyMatch(pattern -> pattern.covers(host))
        && allow.stream().noneMatch(rule -> rule.names(host, port))) {
      return Optional.of(
          new Refusal(
              Reason.METADATA,
              "The host %s hands out a cloud machine's credentials and may not be called; %s"
                  .formatted(host.name(), remedy(host, port))));
    }
    return Optional.empty();
  }

  private boolean isOpen(int port) {
    return ports.stream().anyMatch(range -> range.contains(port));
  }

  private static Refusal onBlocklist(HostName host) {
    return new Refusal(
        Reason.BLOCKLIST,
        "The host %s is on the blocklist (errand.egress.blocklist) and is never called."
            .formatted(host.name()));
  }

  private static Refusal closedPort(HostName host, int port) {
    return new Refusal(
        Reason.PORT,
        "Port %d of the host %s may not be called; errand.egress.ports would open it to all, %s"
            .formatted(port, host.name(), remedy(host, port)));
  }

  private static String remedy(HostName host, int port) {
    return "the operator may allow %s:%d in errand.egress.allow (ERRAND_EGRESS_ALLOW)."
        .formatted(host.name(), port);
  }

  private static EgressRule blocked(String entry) {
    EgressRule rule = EgressRule.parse(entry);
    if (rule.port().isPresent()) {
      throw new IllegalArgumentException("has a port, but all ports of it are blocked");
    }
    return rule;
  }

  private static <T> List<T> read(String key, List<String> entries, Function<String, T> parse) {
    return entries.stream()
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .map(
            entry -> {
              try {
                return parse.apply(entry);
              } catch (IllegalArgumentException e) {
                throw new ConfigurationException(
                    "The entry '%s' of %s %s.".formatted(entry, key, e.getMessage()), e);
              }
            })
        .toList();
  }
}
