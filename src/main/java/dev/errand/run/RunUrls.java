package dev.errand.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the absolute addresses of runs. */
@ApplicationScoped
public class RunUrls {
  private final Optional<URI> base;

  RunUrls(@ConfigProperty(name = "errand.url") Optional<URI> base) {
    this.base = base;
  }

  /** The address of a run, as the request at hand names its owner. */
  public URI of(UriInfo request, String user, String profile, String task, String run) {
    return UriBuilder.fromUri(base.orElseGet(request::getBaseUri))
        .path("/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}")
        .buildFromEncoded(segment(user), segment(profile), segment(task), segment(run));
  }

  // A URI builder leaves a semicolon as it is, and a server takes what follows it for a parameter.
  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }
}
