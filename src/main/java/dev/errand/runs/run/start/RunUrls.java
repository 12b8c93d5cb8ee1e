package dev.errand.runs.run.start;

import dev.errand.base.http.Paging;
import dev.errand.base.http.PublicUrl;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes absolute addresses: of runs, and of what leads to them. */
@ApplicationScoped
public class RunUrls {
  private static final String RUN = "/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}";

  private final PublicUrl base;
  private final Paging paging;

  RunUrls(PublicUrl base, Paging paging) {
    this.base = base;
    this.paging = paging;
  }

  /** The address of a run, as the request at hand names its owner. */
  public URI of(UriInfo request, String user, String profile, String task, String run) {
    return absolute(request.getBaseUri(), RUN, user, profile, task, run);
  }

  /**
   * The address of a run where there is no request at hand.
   *
   * @param otherwise the base where no public one is configured; null for none, which makes the
   *     address a relative one
   */
  public URI of(@Nullable String otherwise, String user, String profile, String task, String run) {
    URI under = base.orElse(() -> URI.create(otherwise == null ? "" : otherwise));
    return build(under, RUN, user, profile, task, run);
  }

  /** The address of a run as clients of the second generation, and senders of webhooks, have it. */
  public URI secondGeneration(
      UriInfo request, String user, String profile, String task, String run) {
    return absolute(
        request.getBaseUri(), "/api/runs/{user}/{profile}/{task}/{run}", user, profile, task, run);
  }

  /**
   * An address under the public base.
   *
   * @param otherwise the base where no public one is configured
   * @param path a path with a name in braces for each segment that is to be put in
   */
  public URI absolute(URI otherwise, String path, String... segments) {
    return build(base.orElse(() -> otherwise), path, segments);
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
    return paging.next(request, cursor);
  }

  // A URI builder leaves a semicolon as it is, and a server takes what follows it for a parameter.
  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }
}
