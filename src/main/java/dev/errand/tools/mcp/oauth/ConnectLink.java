package dev.errand.tools.mcp.oauth;

import dev.errand.base.http.PublicUrl;

/** Where a person connects the remote server of an installation. */
public final class ConnectLink {
  private ConnectLink() {}

  /** The path, relative to the base of the service and with a slash at its start. */
  public static String path(String user, String profile, String installation) {
    return "/api/profiles/%s/%s/installations/%s/connect"
        .formatted(
            PublicUrl.encoded(user), PublicUrl.encoded(profile), PublicUrl.encoded(installation));
  }
}
