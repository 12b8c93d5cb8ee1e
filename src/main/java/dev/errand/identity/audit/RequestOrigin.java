package dev.errand.identity.audit;

import dev.errand.base.http.ApiHeaders;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from.
 *
 * @param address the network address; null outside of a request
 * @param requestId the id of the request; null outside of one of the API
 */
public record RequestOrigin(@Nullable String address, @Nullable String requestId) {
  private static final RequestOrigin NONE = new RequestOrigin(null, null);

  /** The origin of the current request, if there is one. */
  static RequestOrigin of(CurrentVertxRequest current) {
    RoutingContext request =
        Arc.container().requestContext().isActive() ? current.getCurrent() : null;
    return request == null
        ? NONE
        : new RequestOrigin(address(request.request()), ApiHeaders.requestId(request));
  }

  /** The network address of a request; null where it is not known. */
  public static @Nullable String address(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    return address == null ? null : address.hostAddress();
  }
}
