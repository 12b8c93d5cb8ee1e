package dev.errand.base.http;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

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
   * @param path relative to the base, without a slash at its start
   * @param other the base where none is configured
   */
  public URI resolve(String path, Supplier<URI> other) {
    String base = orElse(other).toString();
    return URI.create(base + (base.endsWith("/") ? "" : "/") + path);
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
