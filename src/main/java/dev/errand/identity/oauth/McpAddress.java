package dev.errand.identity.oauth;

import dev.errand.base.http.WebOrigin;
import dev.errand.identity.profile.ProfileSlug;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address of an MCP endpoint: {@code /mcp}, or {@code /mcp/{user}/{profile}}. It is the
 * resource for which a token is valid (RFC 8707).
 *
 * @param path the path, with its segments decoded; equal paths are the same endpoint
 * @param raw the path as it was written, without a slash at the end
 * @param profile the profile that it names; null for {@code /mcp}
 */
public record McpAddress(String path, String raw, @Nullable ProfileSlug profile) {
  private static final String ROOT = "/mcp";

  /** The endpoint that names no profile. */
  public static final McpAddress DEFAULT = new McpAddress(ROOT, ROOT, null);

  /** Whether a path is that of an endpoint, or is below one. */
  public static boolean isBelow(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** The endpoint of a path, as it stands in a request; empty where it is none. */
  public static Optional<McpAddress> ofPath(String raw) {
    String path = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    if (path.equals(ROOT)) {
      return Optional.of(DEFAULT);
    }
    if (!isBelow(path)) {
      return Optional.empty();
    }
    String[] segments = path.substring(ROOT.length() + 1).split("/", -1);
    if (segments.length != 2) {
      return Optional.empty();
    }
    String user = decoded(segments[0]);
    String profile = decoded(segments[1]);
    return user == null || profile == null
        ? Optional.empty()
        : Optional.of(
            new McpAddress(
                ROOT + "/" + user + "/" + profile, path, new ProfileSlug(user, profile)));
  }

  /**
   * The endpoint of an absolute address; empty where it is none of this service.
   *
   * @param base the base of the service, without a slash at the end
   */
  static Optional<McpAddress> ofUrl(String address, String base) {
    try {
      URI uri = new URI(address);
      URI own = new URI(base);
      Optional<WebOrigin> origin = WebOrigin.of(uri);
      String path = uri.getRawPath();
      String before = own.getRawPath() == null ? "" : own.getRawPath();
      return uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.getRawUserInfo() == null
              && path != null
              && path.startsWith(before)
              && origin.isPresent()
              && origin.equals(WebOrigin.of(own))
          ? ofPath(path.substring(before.length()))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  // Servers resolve, cut off or split these, so that one endpoint would have two addresses.
  private static @Nullable String decoded(String segment) {
    try {
      // In a path, a plus is a literal plus.
      String text = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
      boolean isName =
          !text.isEmpty()
              && !text.equals(".")
              && !text.equals("..")
              && text.chars().noneMatch(c -> c == '/' || c == ';' || c < ' ');
      return isName ? text : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
