package dev.errand.identity.signin;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.ClientNetwork;
import dev.errand.base.json.WellFormed;
import dev.errand.identity.audit.RequestOrigin;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The device that somebody signs in with.
 *
 * @param name the {@code User-Agent} of the request, cut to 200 characters; null without one
 * @param address the network address, or {@code unknown}
 */
public record SignInDevice(@Nullable String name, String address) {
  private static final int LONGEST_NAME = 200;

  public static SignInDevice of(HttpServerRequest request) {
    String agent = request.getHeader("User-Agent");
    String address = RequestOrigin.address(request);
    return new SignInDevice(
        agent == null ? null : WellFormed.beginning(StorableText.of(agent), LONGEST_NAME),
        address == null ? "unknown" : address);
  }

  /** The network that its attempts to sign in are counted by. */
  public String network() {
    return ClientNetwork.of(address);
  }
}
