package dev.errand.base.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an HTTP address is: an absolute URL with a host, whose scheme is http or https. */
public final class HttpAddress {
  private HttpAddress() {}

  /** Reads an address; empty where the text is none. */
  public static Optional<URI> parse(@Nullable String text) {
    try {
      return Optional.of(new URI(text == null ? "" : text)).filter(HttpAddress::isOne);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Whether a URL is one. */
  public static boolean isOne(URI url) {
    return url.getHost() != null
        && ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()));
  }
}
