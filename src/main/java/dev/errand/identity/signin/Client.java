package dev.errand.identity.signin;

import dev.errand.identity.audit.RequestOrigin;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who signs in.
 *
 * @param device the {@code User-Agent} of the request, cut to 200 characters; null without one
 * @param address the network address, or {@code unknown}
 */
public record Client(@Nullable String device, String address) {
  private static final int LONGEST_DEVICE = 200;

  /** The client of a request. */
  public static Client of(HttpServerRequest request) {
    String agent = request.getHeader("User-Agent");
    String address = RequestOrigin.address(request);
    return new Client(agent == null ? null : cut(agent), address == null ? "unknown" : address);
  }

  private static String cut(String agent) {
    String text = agent.replace("\0", "");
    return text.length() > LONGEST_DEVICE ? text.substring(0, LONGEST_DEVICE) : text;
  }
}
