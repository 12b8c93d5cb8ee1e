package dev.errand.base.http;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The address at which the service is reached from outside, where {@code errand.url} names it. */
@ApplicationScoped
public class PublicUrl {
  private final Optional<URI> configured;

  /**
   * The configured address.
   *
   * @param configured the public base of the URLs in answers; by default as the request says
   */
  PublicUrl(@ConfigProperty(name = "errand.url") Optional<String> configured) {
    this.configured = configured.map(PublicUrl::checked);
  }

  // A bean that observes the start is made at the start, so that a wrong address stops it.
  void start(@Observes StartupEvent event) {}

  public Optional<URI> configured() {
    return configured;
  }

  /** The configured address, or else another base, such as that of the request. */
  public URI orElse(Supplier<URI> other) {
    return configured.orElseGet(other);
  }

  /**
   * The absolute address of a path.
   *
   * @param path relative to the base, with a name in braces for each segment
   * @param other the base where none is configured
   */
  public URI resolve(String path, Supplier<URI> other, String... segments) {
    // A URI builder would take longer than the rest of a request apart from its SQL.
    String base = orElse(other).toString();
    StringBuilder url = new StringBuilder(base);
    if (base.endsWith("/")) {
      url.setLength(base.length() - 1);
    }
    if (!path.startsWith("/")) {
      url.append('/');
    }
    int from = 0;
    for (String segment : segments) {
      int name = path.indexOf('{', from);
      url.append(path, from, name).append(encoded(segment));
      from = path.indexOf('}', name) + 1;
    }
    return URI.create(url.append(path, from, path.length()).toString());
  }

  /**
   * The same outside a request.
   *
   * @param other the base where none is configured; null makes the address relative
   */
  public URI resolve(String path, @Nullable String other, String... segments) {
    return resolve(path, () -> URI.create(other == null ? "" : other), segments);
  }

  /** A text as a segment of a path, or as a value in a query. */
  public static String encoded(String text) {
    // A URI builder does not escape a semicolon, behind which a server would read a parameter.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }

  private static URI checked(String text) {
    return HttpAddress.parse(text.strip())
        .filter(uri -> uri.getRawQuery() == null && uri.getRawFragment() == null)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "errand.url must be the address at which the service is reached from outside,"
                        + " such as https://errand.example.com."));
  }
}
