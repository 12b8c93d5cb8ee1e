package dev.errand.base.http;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The network by which the clients of an address are counted: an IPv4 address by itself, an IPv6
 * address by its /64, all of which one customer has; or the wider one by which is counted what
 * stays for long.
 */
public final class ClientNetwork {
  private static final int PREFIX_BYTES = 8;
  private static final int WIDE_BYTES = 6;
  private static final int WIDE_BYTES_OF_IPV4 = 3;

  private ClientNetwork() {}

  /** The network of an address as text; what is no address is its own network. */
  public static String of(String address) {
    InetAddress read = read(address);
    return read == null ? address : of(read);
  }

  /**
   * The wider network of an address as text: the /24 of an IPv4 address, the /48 of an IPv6 one.
   */
  public static String wide(String address) {
    InetAddress read = read(address);
    if (read == null) {
      return address;
    }
    return prefix(read, read instanceof Inet6Address ? WIDE_BYTES : WIDE_BYTES_OF_IPV4);
  }

  private static @Nullable InetAddress read(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The network of the other end of a connection. */
  public static String of(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet && internet.getAddress() != null
        ? of(internet.getAddress())
        : "local";
  }

  private static String of(InetAddress address) {
    return address instanceof Inet6Address
        ? prefix(address, PREFIX_BYTES)
        : address.getHostAddress();
  }

  private static String prefix(InetAddress address, int length) {
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, length, bytes.length, (byte) 0);
    return NetUtil.bytesToIpAddress(bytes) + "/" + length * Byte.SIZE;
  }
}
