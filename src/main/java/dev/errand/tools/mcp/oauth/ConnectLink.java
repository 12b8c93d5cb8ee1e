package dev.errand.tools.mcp.oauth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where a person connects the remote server of an installation. */
public final class ConnectLink {
  private ConnectLink() {}

  /** The path, relative to the base of the service and with a slash at its start. */
  public static String path(String user, String profile, String installation) {
    return "/api/profiles/%s/%s/installations/%s/connect"
        .formatted(segment(user), segment(profile), segment(installation));
  }

  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
