package dev.errand.app.telemetry;

import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Restricts the labels of HTTP metrics to known values. A request that is refused before it is
 * routed would be counted by its path, which may contain the secret of a trigger, and by an
 * invented method.
 */
@Singleton
class MetricLabels {
  private static final String OTHER = "OTHER";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  // The framework's labels for paths without a template, and our templates without a parameter.
  private static final Set<String> PATHS =
      Set.of(
          "NOT_FOUND",
          "REDIRECTION",
          "UNKNOWN",
          "root",
          "/events",
          "/api/servlets",
          "/api/users/~",
          "/demo/page",
          "/demo/v1/chat/completions");

  @Produces
  @Singleton
  MeterFilter methods() {
    return MeterFilter.replaceTagValues(
        "method", method -> METHODS.contains(method) ? method : OTHER);
  }

  @Produces
  @Singleton
  MeterFilter paths() {
    return MeterFilter.replaceTagValues(
        "uri", path -> path.indexOf('{') >= 0 || PATHS.contains(path) ? path : OTHER);
  }
}
