package dev.errand.base.egress.address;

/**
 * Ports next to each other.
 *
 * @param first the lowest, 1 to 65535
 * @param last the highest, not below the first
 */
record PortRange(int first, int last) {
  PortRange {
    if (first < 1 || last > 65_535 || first > last) {
      throw new IllegalArgumentException("is not a port from 1 to 65535 or a range of such");
    }
  }

  /** Reads {@code 443} or {@code 8000-9000}. */
  static PortRange parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return new PortRange(port(text), port(text));
    }
    return new PortRange(
        port(text.substring(0, dash).strip()), port(text.substring(dash + 1).strip()));
  }

  static int port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("is not a port from 1 to 65535 or a range of such");
    }
    return new PortRange(Integer.parseInt(text), Integer.parseInt(text)).first();
  }

  boolean contains(int port) {
    return port >= first && port <= last;
  }
}
