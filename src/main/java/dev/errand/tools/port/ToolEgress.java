package dev.errand.tools.port;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a tool, with its result. It has neither path nor header fields, which may
 * contain secrets.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ApiSchema(
    value = "ToolEgress",
    description = "An HTTP request of a tool: its host, without path and header fields.")
public record ToolEgress(
    @Field("The requested host; empty if the URL names none.") String host,
    @Field String method,
    @Field("Absent if no answer came.") @Nullable Integer status,
    @Field("The bytes of the body of the answer.") long bytes,
    @Field("How long it took, in milliseconds.") long ms,
    @Field("Why it was not sent; absent if it was.") @Nullable String refused,
    @Field("Why no complete answer came, although it was sent.") @Nullable String failed) {
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
