package dev.errand.base.egress.address;

import java.net.InetAddress;

/**
 * A block of addresses; a single address is a block of one. It keeps bytes, since blocks are
 * constants and a native executable can't be built with an {@link InetAddress} in a constant.
 *
 * @param network the bytes of the first address, all bits behind the prefix being zero
 * @param prefix how many leading bits the addresses of the block share
 */
record Cidr(byte[] network, int prefix) {
  Cidr {
    if (prefix < 0 || prefix > network.length * Byte.SIZE) {
      throw new IllegalArgumentException("has a prefix that is longer than its address");
    }
    for (int bit = prefix; bit < network.length * Byte.SIZE; bit++) {
      if (bit(network, bit)) {
        // 10.0.0.5/8 may mean one address or sixteen million: better asked than guessed.
        throw new IllegalArgumentException("has an address with bits set behind the prefix");
      }
    }
  }

  static Cidr of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return new Cidr(bytes, bytes.length * Byte.SIZE);
  }

  /** Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a single address. */
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = HostName.address(slash < 0 ? text : text.substring(0, slash));
    if (slash < 0) {
      return of(address);
    }
    String prefix = text.substring(slash + 1);
    if (!prefix.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("has a prefix that is no number");
    }
    return new Cidr(address.getAddress(), Integer.parseInt(prefix));
  }

  boolean contains(InetAddress address) {
    byte[] other = address.getAddress();
    if (network.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      if (bit(network, bit) != bit(other, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean bit(byte[] bytes, int index) {
    return (bytes[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1) == 1;
  }
}
