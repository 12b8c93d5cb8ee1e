package dev.errand.base.egress.address;

import java.net.InetAddress;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An entry of the operator's lists: hosts or addresses, on one port or on all. */
sealed interface EgressRule {
  /** {@code host:port}, {@code address/prefix:port} or {@code [v6]:port}, the port optional. */
  Pattern ENTRY =
      Pattern.compile("(?:\\[(?<v6>[^\\]]*)\\]|(?<place>[^:\\[\\]]+))(?::(?<port>.*))?");

  /** The only port that the rule matches; empty for all. */
  OptionalInt port();

  /** Whether the rule matches the host by its name, whatever it resolves to. */
  boolean names(HostName host, int port);

  /** Whether the rule matches a connection for this host to this address and port. */
  boolean matches(HostName host, InetAddress address, int port);

  /** Whether the rule could match a connection for this host, whose addresses are not known yet. */
  boolean mightMatch(HostName host, int port);

  /**
   * Reads an entry: host, {@code *.domain}, address or CIDR, each with or without {@code :port}.
   *
   * @throws IllegalArgumentException when it can't be read; the message continues "the entry …"
   */
  static EgressRule parse(String entry) {
    if (entry.indexOf(':') != entry.lastIndexOf(':') && !entry.startsWith("[")) {
      return new OfAddress(Cidr.parse(entry), OptionalInt.empty());
    }
    Matcher parts = ENTRY.matcher(entry);
    if (!parts.matches()) {
      throw new IllegalArgumentException("is neither a host, an address nor a CIDR");
    }
    String portText = parts.group("port");
    OptionalInt port =
        portText == null ? OptionalInt.empty() : OptionalInt.of(PortRange.port(portText));
    String v6 = parts.group("v6");
    String place = parts.group("place");
    if (v6 != null) {
      return new OfAddress(Cidr.parse(v6), port);
    }
    if (place == null || place.indexOf('/') >= 0) {
      return new OfAddress(Cidr.parse(place == null ? "" : place), port);
    }
    return switch (HostPattern.parse(place)) {
      case HostPattern.Any _ ->
          throw new IllegalArgumentException("means everything; name hosts, addresses or CIDRs");
      case HostPattern.One(HostName host) when host.literal() != null ->
          new OfAddress(Cidr.of(host.literal()), port);
      case HostPattern pattern -> new OfHost(pattern, port);
    };
  }

  /** Hosts by name. */
  record OfHost(HostPattern pattern, OptionalInt port) implements EgressRule {
    @Override
    public boolean names(HostName host, int port) {
      return pattern.covers(host) && this.port.orElse(port) == port;
    }

    @Override
    public boolean matches(HostName host, InetAddress address, int port) {
      return names(host, port);
    }

    @Override
    public boolean mightMatch(HostName host, int port) {
      return names(host, port);
    }
  }

  /** Addresses, under whatever name. */
  record OfAddress(Cidr block, OptionalInt port) implements EgressRule {
    @Override
    public boolean names(HostName host, int port) {
      return false;
    }

    @Override
    public boolean matches(HostName host, InetAddress address, int port) {
      return block.contains(address) && this.port.orElse(port) == port;
    }

    @Override
    public boolean mightMatch(HostName host, int port) {
      return host.address().map(block::contains).orElse(true) && this.port.orElse(port) == port;
    }
  }
}
