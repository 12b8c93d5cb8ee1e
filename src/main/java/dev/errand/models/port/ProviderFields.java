package dev.errand.models.port;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Declares the fields that the settings of a provider have in another way than those of a task. All
 * other fields of {@link ModelSettings} are declared by their records for both.
 */
@RegisterForReflection
@ApiSchema(description = "The defaults for tasks that use it.")
public record ProviderFields(
    @Field(REFUSED) @Nullable String prompt,
    @Field(value = "The name of the model.", required = true, most = ModelSettings.LONGEST_NAME)
        String model,
    @Field(REFUSED) @Nullable String system,
    @Field("The endpoint, if it is not the default one.") @Nullable String baseUrl) {
  static final String REFUSED = "Refused: it belongs in each task.";
}
