package dev.errand.tools.servlet.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A servlet as lists show it. */
@RegisterForReflection
@ApiSchema("ServletSummary")
public record ServletSummary(
    @Field("`owner/name`.") String slug,
    @Field(schema = "ServletMeta") Meta meta,
    @Field long installationCount,
    @Field(values = {"public", "private"}) String visibility,
    @Field Instant createdAt,
    @Field Instant modifiedAt) {
  /** The description and requirements of a servlet. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("ServletMeta")
  public record Meta(
      @Field Schema schema,
      @Field String description,
      @Field Requirements requirements,
      @Field("The newest version; null if all are yanked.") @JsonProperty("lastContentAddress")
          @Nullable String lastContentAddress) {
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
  public record Schema(@Field(schema = "Tool", list = true) @JsonRawValue String tools) {}

  /** The requirements that a servlet declares. */
  @RegisterForReflection
  public record Requirements(@Field List<String> domains, @Field List<String> config) {}
}
