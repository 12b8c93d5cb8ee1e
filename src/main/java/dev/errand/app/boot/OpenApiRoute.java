package dev.errand.app.boot;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.openapi.runtime.io.Format;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers with the API's document as the framework's route does, from one copy of it. The framework
 * makes another for each request: anybody may ask for it, and copies that wait until their clients
 * read them fill the memory.
 */
@ApplicationScoped
class OpenApiRoute {
  private static final String PATH = "/q/openapi";
  private static final int BEFORE_THE_FRAMEWORK = 20_000;

  private final OpenApiOnRequest documents;
  private final Map<Format, Buffer> answers = new EnumMap<>(Format.class);

  OpenApiRoute(OpenApiOnRequest documents) {
    this.documents = documents;
  }

  void register(@Observes Filters filters) {
    filters.register(this::answer, BEFORE_THE_FRAMEWORK);
  }

  private void answer(RoutingContext context) {
    HttpServerRequest request = context.request();
    Format format = request.method().equals(HttpMethod.GET) ? format(context) : null;
    if (format == null) {
      context.next();
      return;
    }
    var _ =
        context
            .response()
            .putHeader("Content-Type", format.getMimeType() + ";charset=UTF-8")
            .end(document(format));
  }

  private synchronized Buffer document(Format format) {
    return answers.computeIfAbsent(
        format, wanted -> Buffer.buffer(documents.getDocument("", wanted)));
  }

  /** The form that is wanted; null for another address. */
  private static @Nullable Format format(RoutingContext context) {
    return switch (context.normalizedPath()) {
      case PATH -> isJson(context) ? Format.JSON : Format.YAML;
      case PATH + ".json" -> Format.JSON;
      case PATH + ".yaml", PATH + ".yml" -> Format.YAML;
      default -> null;
    };
  }

  private static boolean isJson(RoutingContext context) {
    String accepted = context.request().getHeader("Accept");
    return (accepted != null && accepted.contains(Format.JSON.getMimeType()))
        || "json".equalsIgnoreCase(context.request().getParam("format"));
  }
}
