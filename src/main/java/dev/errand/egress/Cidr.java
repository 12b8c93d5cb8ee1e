package dev.errand.egress;

import java.net.InetAddress;

/**
 * A block of addresses; a single address is a block of one.
 *
 * @param network the first address of the block, all bits behind the prefix being zero
 * @param prefix how many leading bits the addresses of the block share
 */
record Cidr(InetAddress network, int prefix) {

  Cidr {
    byte[] bytes = network.getAddress();
    if (prefix < 0 || prefix > bytes.length * Byte.SIZE) {
      throw new IllegalArgumentException("has a prefix that is longer than its address");
    }
    for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
      if (bit(bytes, bit)) {
        // 10.0.0.5/8 may mean one address or sixteen million: better asked than guessed.
        throw new IllegalArgumentException("has an address with bits set behind the prefix");
      }
    }
  }

  /** The block of one address. */
  static Cidr of(InetAddress address) {
    return new Cidr(address, address.getAddress().length * Byte.SIZE);
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
    return new Cidr(address, Integer.parseInt(prefix));
  }

  boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      if (bit(mine, bit) != bit(other, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean bit(byte[] bytes, int index) {
    return (bytes[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1) == 1;
  }
}
