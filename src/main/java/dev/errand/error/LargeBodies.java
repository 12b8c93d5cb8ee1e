package dev.errand.error;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Refuses a body that says itself too large before it is read, by a problem document. */
@ApplicationScoped
class LargeBodies {
  private static final int BEFORE_THE_SERVERS_OWN_CHECK = 10_000;

  private final ObjectMapper json;
  private final long most;

  LargeBodies(
      ObjectMapper json,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize most) {
    this.json = json;
    this.most = most.asLongValue();
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_THE_SERVERS_OWN_CHECK);
  }

  private void check(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null || !isTooLong(length)) {
      context.next();
      return;
    }
    Problem problem =
        Problem.of(
            ErrorCode.TOO_LARGE, "A body may have " + most + " bytes at the most.", List.of());
    // What follows on this connection would be the body that is not read.
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(write(problem));
  }

  private boolean isTooLong(String length) {
    try {
      return Long.parseLong(length.strip()) > most;
    } catch (NumberFormatException e) {
      // The server itself refuses a length that is no number.
      return false;
    }
  }

  private String write(Problem problem) {
    try {
      return json.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
