package dev.errand.base.http;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the current request expects of the thing that it changes (RFC 9110, section 13): by the
 * header fields {@code If-Match} and {@code If-None-Match}, or by the tag in a form of the console.
 * Where a thing is changed, it is checked once the thing is locked and read, in the transaction of
 * the change: of requests that expect the same, one succeeds.
 */
@ApplicationScoped
public class Precondition {
  private static final String SEEN = "errand.seen-tag";
  private static final Set<HttpMethod> METHODS =
      Set.of(HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

  private final CurrentVertxRequest http;

  Precondition(CurrentVertxRequest http) {
    this.http = http;
  }

  /**
   * Expects that what a form changes still has the tag that the form was made from.
   *
   * @param tag as {@link Tagged#tag()}; null or empty for a form that expects nothing
   */
  public void expect(@Nullable String tag) {
    RoutingContext request = request();
    if (request != null && tag != null && !tag.isEmpty()) {
      request.put(SEEN, tag);
    }
  }

  /**
   * Checks the thing that the request is about to change or delete.
   *
   * @param present the thing as it is, locked; null where there is none
   * @throws ApiException {@link ErrorCode#CHANGED_MEANWHILE}, or when a header field is malformed
   */
  public void check(@Nullable Tagged present) {
    RoutingContext request = request();
    if (request == null) {
      return;
    }
    String seen = request.get(SEEN);
    if (seen != null && (present == null || !present.tag().equals(seen))) {
      throw changed(
          present == null
              ? "This was deleted after you opened the page, so nothing was done."
              : "This was changed after you opened the page, so nothing was done yet. Its page shows"
                  + " the present state. To replace it all the same, save the form here again.");
    }
    HttpMethod method = request.request().method();
    if (METHODS.contains(method)) {
      checkMatch(request, present, method);
      checkNoneMatch(request, present);
    }
  }

  private static void checkMatch(
      RoutingContext request, @Nullable Tagged present, HttpMethod method) {
    TagList wanted = list(request, HttpHeaders.IF_MATCH);
    // Without it, others than PUT answer 404.
    if (wanted == null || (present == null && !method.equals(HttpMethod.PUT))) {
      return;
    }
    if (present == null) {
      throw changed(
          "There is nothing of this name that If-Match could match: leave the field out to create"
              + " it.");
    }
    if (!wanted.isAny() && !wanted.hasStrong(present.tag())) {
      throw changed(
          "This was changed since you read it, so nothing is changed now: GET it again, and repeat"
              + " your change with the ETag of that answer.");
    }
  }

  private static void checkNoneMatch(RoutingContext request, @Nullable Tagged present) {
    TagList unwanted = list(request, HttpHeaders.IF_NONE_MATCH);
    if (unwanted != null
        && present != null
        && (unwanted.isAny() || unwanted.hasAny(present.tag()))) {
      throw changed(
          unwanted.isAny()
              ? "This exists, and If-None-Match: * only creates: choose another name, or leave the"
                  + " field out to change it."
              : "This still has a tag that If-None-Match names, so nothing is changed.");
    }
  }

  private static @Nullable TagList list(RoutingContext request, String field) {
    List<String> lines = request.request().headers().getAll(field);
    return lines.isEmpty() ? null : TagList.of(field, lines);
  }

  private static ApiException changed(String detail) {
    return new ApiException(ErrorCode.CHANGED_MEANWHILE, detail);
  }

  private @Nullable RoutingContext request() {
    return Arc.container().requestContext().isActive() ? http.getCurrent() : null;
  }
}
