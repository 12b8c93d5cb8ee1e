package dev.errand.base.egress.address;

import java.util.Optional;

/** A host as rules name it: one host, all below a domain, or any. */
sealed interface HostPattern {
  boolean covers(HostName host);

  /**
   * Reads {@code example.org}, {@code *.example.org} or {@code *}, in any case and with or without
   * a trailing dot.
   *
   * @throws IllegalArgumentException when it is none; the message continues "the host …"
   */
  static HostPattern parse(String text) {
    if (text.equals("*")) {
      return new Any();
    }
    if (!text.startsWith("*.")) {
      return new One(HostName.parse(text));
    }
    HostName domain = HostName.parse(text.substring(2));
    if (domain.address().isPresent()) {
      throw new IllegalArgumentException("is a wildcard before an address");
    }
    return new Below(domain);
  }

  /** As {@link #parse}, but what can't be read covers nothing. */
  static Optional<HostPattern> tryParse(String text) {
    try {
      return Optional.of(parse(text.strip()));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  record Any() implements HostPattern {
    @Override
    public boolean covers(HostName host) {
      return true;
    }
  }

  /** One host alone. */
  record One(HostName host) implements HostPattern {
    @Override
    public boolean covers(HostName other) {
      return host.name().equals(other.name());
    }
  }

  /** All hosts below a domain, the domain itself left out. */
  record Below(HostName domain) implements HostPattern {
    @Override
    public boolean covers(HostName host) {
      return host.address().isEmpty() && host.name().endsWith("." + domain.name());
    }
  }
}
