package dev.errand.tools.servlet.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A servlet as lists show it.
 *
 * @param slug {@code owner/name}
 */
@RegisterForReflection
public record ServletSummary(
    String slug,
    Meta meta,
    long installationCount,
    String visibility,
    Instant createdAt,
    Instant modifiedAt) {
  /**
   * The description and requirements of a servlet.
   *
   * @param lastContentAddress the address of its newest version; null where all are yanked
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Meta(
      Schema schema,
      String description,
      Requirements requirements,
      @JsonProperty("lastContentAddress") @Nullable String lastContentAddress) {
    /** Describes a servlet, with the tools of one of its versions. */
    public static Meta of(Servlet servlet, String tools, @Nullable String newest) {
      return new Meta(
          new Schema(tools),
          servlet.description,
          new Requirements(servlet.requiredDomains, servlet.requiredConfig),
          newest);
    }

    /** Describes only bytes, without their servlet. */
    static Meta ofHidden(String tools, String address) {
      return new Meta(new Schema(tools), "", new Requirements(List.of(), List.of()), address);
    }
  }

  /**
   * The tools of a servlet.
   *
   * @param tools a JSON array, as the servlet describes it
   */
  @RegisterForReflection
  public record Schema(@JsonRawValue String tools) {}

  /** The requirements that a servlet declares. */
  @RegisterForReflection
  public record Requirements(List<String> domains, List<String> config) {}
}
