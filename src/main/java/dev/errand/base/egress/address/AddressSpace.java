package dev.errand.base.egress.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The parts of the address space that are not the public internet. */
final class AddressSpace {
  private record Special(Cidr block, String kind) {
    Special(String block, String kind) {
      this(Cidr.parse(block), kind);
    }
  }

  private static final List<Special> SPECIAL_V4 =
      List.of(
          new Special("0.0.0.0/8", "an unspecified"),
          new Special("10.0.0.0/8", "a private"),
          new Special("100.64.0.0/10", "a carrier's private"),
          new Special("127.0.0.0/8", "a loopback"),
          // Azure's host agent answers here, from every machine, though the block is a public one.
          new Special("168.63.129.16/32", "a cloud metadata"),
          new Special("169.254.0.0/16", "a link-local"),
          new Special("172.16.0.0/12", "a private"),
          new Special("192.0.0.0/24", "a reserved"),
          new Special("192.0.2.0/24", "a documentation"),
          new Special("192.88.99.0/24", "a tunnel's"),
          new Special("192.168.0.0/16", "a private"),
          new Special("198.18.0.0/15", "a benchmark"),
          new Special("198.51.100.0/24", "a documentation"),
          new Special("203.0.113.0/24", "a documentation"),
          new Special("224.0.0.0/4", "a multicast"),
          new Special("240.0.0.0/4", "a reserved"));

  private static final Cidr GLOBAL_V6 = Cidr.parse("2000::/3");

  private static final List<Special> SPECIAL_V6 =
      List.of(
          new Special("::/128", "an unspecified"),
          new Special("::1/128", "a loopback"),
          new Special("64:ff9b:1::/48", "a translated private"),
          new Special("2001::/23", "a tunnel's or reserved"),
          new Special("2001:db8::/32", "a documentation"),
          new Special("2002::/16", "a tunnel's"),
          new Special("3fff::/20", "a documentation"),
          new Special("fc00::/7", "a private"),
          new Special("fe80::/10", "a link-local"),
          new Special("fec0::/10", "a private"),
          new Special("ff00::/8", "a multicast"));

  /** Where networks without IPv4 reach the IPv4 internet, so public names resolve to it. */
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

  private AddressSpace() {}

  /** The address without name and zone, and as the IPv4 address that it is when it is mapped. */
  static InetAddress plain(InetAddress address) {
    return of(address.getAddress());
  }

  /** The IPv4 address that a translated address stands for, or the address itself. */
  static InetAddress meant(InetAddress address) {
    if (!NAT64.contains(address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    return of(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
  }

  /** Why an address is not of the public internet, as in "a private"; empty when it is. */
  static Optional<String> special(InetAddress address) {
    InetAddress meant = meant(plain(address));
    boolean v4 = meant instanceof Inet4Address;
    for (Special special : v4 ? SPECIAL_V4 : SPECIAL_V6) {
      if (special.block().contains(meant)) {
        return Optional.of(special.kind());
      }
    }
    return v4 || GLOBAL_V6.contains(meant) ? Optional.empty() : Optional.of("a reserved");
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }
}
