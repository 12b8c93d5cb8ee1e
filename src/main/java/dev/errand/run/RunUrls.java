package dev.errand.run;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Makes absolute addresses: of runs, and of what leads to them. */
@ApplicationScoped
public class RunUrls {
  /** The parameter that says where a list goes on. */
  static final String CURSOR = "cursor";

  private static final String RUN = "/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}";

  private final Optional<URI> base;

  RunUrls(@ConfigProperty(name = "errand.url") Optional<String> base) {
    this.base = base.map(RunUrls::publicBase);
  }

  // That it is there at the start is all: a base that is no address stops it.
  void start(@Observes StartupEvent event) {}

  private static URI publicBase(String text) {
    try {
      URI uri = new URI(text.strip());
      boolean isHttp =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (isHttp
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // What it must be is said below.
    }
    throw new ConfigurationException(
        "errand.url must be the address at which the service is reached from outside, such as"
            + " https://errand.example.com.");
  }

  /** The address of a run, as the request at hand names its owner. */
  public URI of(UriInfo request, String user, String profile, String task, String run) {
    return absolute(request, RUN, user, profile, task, run);
  }

  /**
   * The address of a run where there is no request at hand.
   *
   * @param otherwise the base where no public one is configured; null for none, which makes the
   *     address a relative one
   */
  public URI of(@Nullable String otherwise, String user, String profile, String task, String run) {
    URI under = base.orElseGet(() -> URI.create(otherwise == null ? "" : otherwise));
    return build(under, RUN, user, profile, task, run);
  }

  /** The address of a run as clients of the second generation, and senders of webhooks, have it. */
  public URI secondGeneration(
      UriInfo request, String user, String profile, String task, String run) {
    return absolute(request, "/api/runs/{user}/{profile}/{task}/{run}", user, profile, task, run);
  }

  /**
   * An address under the public base.
   *
   * @param path a path with a name in braces for each segment that is to be put in
   */
  public URI absolute(UriInfo request, String path, String... segments) {
    return build(base.orElseGet(request::getBaseUri), path, segments);
  }

  private static URI build(URI under, String path, String... segments) {
    return UriBuilder.fromUri(under)
        .path(path)
        .buildFromEncoded(Arrays.stream(segments).map(RunUrls::segment).toArray());
  }

  /**
   * The address at which the list at hand goes on.
   *
   * @param cursor where it goes on; the other parameters of the request stay
   */
  public URI next(UriInfo request, String cursor) {
    StringBuilder query = new StringBuilder();
    request
        .getQueryParameters()
        .forEach(
            (name, values) -> {
              if (!name.equals(CURSOR)) {
                values.forEach(value -> query.append(parameter(name, value)).append('&'));
              }
            });
    return URI.create(
        UriBuilder.fromUri(base.orElseGet(request::getBaseUri))
                .path(request.getRequestUri().getRawPath())
                .build()
            + "?"
            + query
            + parameter(CURSOR, cursor));
  }

  private static String parameter(String name, String value) {
    return segment(name) + "=" + segment(value);
  }

  // A URI builder leaves a semicolon as it is, and a server takes what follows it for a parameter.
  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }
}
