package dev.errand.base.egress.address;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host in the one spelling that all rules compare: lower case, ASCII, without trailing dot.
 *
 * @param name the name, or the address as URLs write it (IPv6 in brackets)
 * @param literal the address, when the host is one
 */
public record HostName(String name, @Nullable InetAddress literal) {
  private static final int LONGEST = 253;
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*");
  private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");
  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

  /**
   * Reads a name, a dotted quad or an IPv6 address, in brackets or not.
   *
   * @throws IllegalArgumentException when it is none; the message continues "the host …"
   */
  static HostName parse(String text) {
    if (text.indexOf(':') >= 0) {
      InetAddress address = address(text);
      return new HostName(spell(address), address);
    }
    String name = ascii(text);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("is not a host name");
    }
    if (NUMERIC_END.matcher(name).matches()) {
      InetAddress address = address(name);
      return new HostName(spell(address), address);
    }
    return new HostName(name, null);
  }

  /** Reads a dotted quad or an IPv6 address, in brackets or not. */
  public static InetAddress address(String text) {
    boolean v6 = text.indexOf(':') >= 0;
    // The platform reads 127.1 or 0177.0.0.1 in its own way, and others read them in another.
    if (!v6 && !DOTTED_QUAD.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "is a number or an ambiguous address; write four decimal parts");
    }
    if (text.indexOf('%') >= 0) {
      throw new IllegalArgumentException("has a zone, which is not allowed");
    }
    boolean bracketed = v6 && text.startsWith("[") && text.endsWith("]");
    try {
      return InetAddress.ofLiteral(bracketed ? text.substring(1, text.length() - 1) : text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not a proper address", e);
    }
  }

  /** The address, when the host is one. */
  public Optional<InetAddress> address() {
    return Optional.ofNullable(literal);
  }

  private static String spell(InetAddress address) {
    String text = NetUtil.toAddressString(address);
    return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
  }

  private static String ascii(String text) {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text.toLowerCase(Locale.ROOT);
    }
    try {
      return IDN.toASCII(text).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not a host name", e);
    }
  }
}
