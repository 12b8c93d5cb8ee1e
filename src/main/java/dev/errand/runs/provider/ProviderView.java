package dev.errand.runs.provider;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import dev.errand.models.port.SettingsByRunner;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider as clients see it; never its key.
 *
 * @param model the runner's settings, under the runner's name
 */
@RegisterForReflection
@ApiSchema(
    value = "Provider",
    description = "The settings of the model stand under the name of the runner.")
public record ProviderView(
    @Field String name,
    @Field("Its name in tasks: `user/name`, or `user/profile/name` for one of a profile.")
        String slug,
    @Field(schema = "Runner") String runner,
    @JsonUnwrapped SettingsByRunner model,
    @Field KeyView settings,
    @Field("Absent where it limits nothing.") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable ProviderRate rate,
    @Field("The tasks that use it, as `user/profile/task`: the first 100 by name.")
        List<String> tasks,
    @Field("How many tasks use it.") long taskCount,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @JsonIgnore long etag)
    implements Tagged {

  /** The key of a provider. */
  @RegisterForReflection
  public record KeyView(
      @Field("The last characters of the key.") @JsonInclude(JsonInclude.Include.ALWAYS)
          @Nullable String keyHint) {}
}
