package dev.errand.trigger;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * A request as it came to a trigger's address.
 *
 * @param fields its header fields
 * @param body its body, byte for byte
 * @param sender the address that it came from
 */
record Incoming(Fields fields, byte[] body, String sender) {
  /** The address that a request came from, as far as it is known. */
  static String sender(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    String host = address == null ? null : address.hostAddress();
    return host == null ? "unknown" : host;
  }
}
