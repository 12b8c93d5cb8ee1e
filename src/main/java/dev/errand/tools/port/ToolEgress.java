package dev.errand.tools.port;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a tool, with its result. It has neither path nor header fields, which may
 * contain secrets.
 *
 * @param host the requested host; empty where the URL names none
 * @param status the HTTP status; null where there was no answer
 * @param bytes how many bytes of body the answer had; 0 where there was none
 * @param ms how long it took, in milliseconds
 * @param refused why it was not sent; null where it was
 * @param failed why there was no complete answer, although it was sent; null where there was one
 */
public record ToolEgress(
    String host,
    String method,
    @Nullable Integer status,
    long bytes,
    long ms,
    @Nullable String refused,
    @Nullable String failed) {
  /** A request that was answered. */
  public static ToolEgress answered(String host, String method, int status, long bytes, long ms) {
    return new ToolEgress(host, method, status, bytes, ms, null, null);
  }

  /** A request that was not sent. */
  public static ToolEgress refused(String host, String method, long ms, String why) {
    return new ToolEgress(host, method, null, 0, ms, why, null);
  }

  /** A request without a complete answer. */
  public static ToolEgress failed(String host, String method, long ms, String why) {
    return new ToolEgress(host, method, null, 0, ms, null, why);
  }

  /** The host that a URL names; empty where it names none. */
  public static String hostOf(String url) {
    try {
      return Target.parse(url).host().name();
    } catch (EgressRefusedException e) {
      return "";
    }
  }
}
