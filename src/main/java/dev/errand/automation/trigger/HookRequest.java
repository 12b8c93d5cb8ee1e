package dev.errand.automation.trigger;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * A request to the address of a trigger.
 *
 * @param body its body, byte for byte
 */
public record HookRequest(Fields fields, byte[] body, String sender) {
  /** The network address of a request's sender, or {@code unknown}. */
  public static String sender(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    String host = address == null ? null : address.hostAddress();
    return host == null ? "unknown" : host;
  }
}
