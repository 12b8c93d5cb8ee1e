package dev.errand.app.telemetry;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;

/**
 * Answers requests for the metrics in Prometheus' text format unless they accept OpenMetrics by
 * name. The framework would answer in OpenMetrics, which fewer programs read, those that name no
 * format.
 */
@ApplicationScoped
class MetricsFormat {
  private static final String PATH = "/q/metrics";
  private static final int BEFORE_THE_METRICS = -1_000;

  void register(@Observes Router router) {
    router.route(PATH).order(BEFORE_THE_METRICS).handler(MetricsFormat::choose);
  }

  void register(@Observes ManagementInterface management) {
    register(management.router());
  }

  private static void choose(RoutingContext context) {
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accepted == null || !accepted.toLowerCase(Locale.ROOT).contains("openmetrics")) {
      context.request().headers().set(HttpHeaders.ACCEPT, "text/plain");
    }
    context.next();
  }
}
