package dev.errand.tools.mcp.wire;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import dev.errand.base.secret.Sha256;
import java.util.Map;
import java.util.TreeMap;

/**
 * The endpoint of a remote MCP server.
 *
 * @param headers header fields of the user's, which may be secret
 */
public record McpEndpoint(String url, Map<String, String> headers) {
  public McpEndpoint {
    headers = Map.copyOf(headers);
  }

  /** The host and port of an address, for a sentence. */
  public static String place(String url) {
    try {
      return Target.parse(url).place();
    } catch (EgressRefusedException e) {
      return "The address";
    }
  }

  String place() {
    return place(url);
  }

  /** Identifies server and credentials without revealing them. */
  String fingerprint() {
    return Sha256.hex(url + "\n" + new TreeMap<>(headers));
  }

  /** Counts the header fields, whose values are secret; the address may contain a secret, too. */
  @Override
  public String toString() {
    return "McpEndpoint[" + headers.size() + " header fields]";
  }
}
