package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.SettingsByRunner;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as clients see it; never its key.
 *
 * @param model the runner's settings, under the runner's name; those of the provider are left out
 * @param effective the settings together with those of the provider; not shown
 */
@RegisterForReflection
@ApiSchema(
    value = "Task",
    description = "The settings of the model stand under the name of the runner.")
public record TaskView(
    @Field String name,
    @Field(schema = "Runner") String runner,
    @Field("The provider: `user/name` or `user/profile/name`. Absent if the task has its own key.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String provider,
    @Field("Whether runs may be started.") boolean enabled,
    @JsonUnwrapped SettingsByRunner model,
    @JsonIgnore ModelSettings effective,
    @Field SettingsView settings,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @Field(
            "What is probably not meant; absent where nothing is, and in lists."
                + " `approvals_unknown`, `tools_unknown`: `settings.approvals` or `settings.tools`"
                + " names what no tool of the profile is called, or what several would be.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<TaskWarning> warnings,
    @JsonIgnore long etag)
    implements Tagged {

  /** Bounds and key of a task. */
  @RegisterForReflection
  @ApiSchema("TaskSettings")
  public record SettingsView(
      @Field("The last characters of the key; null if the task has none of its own.")
          @JsonInclude(JsonInclude.Include.ALWAYS)
          @Nullable String keyHint,
      @JsonUnwrapped TaskSettings bounds) {}

  /** The same with these callbacks, which may show secrets that have just been created. */
  public TaskView withCallbacks(List<Callback> callbacks) {
    return with(
        new SettingsView(settings.keyHint, settings.bounds.withCallbacks(callbacks)), warnings);
  }

  /** The same with warnings. */
  TaskView withWarnings(List<TaskWarning> changed) {
    return with(settings, changed);
  }

  private TaskView with(SettingsView shown, List<TaskWarning> said) {
    return new TaskView(
        name,
        runner,
        provider,
        enabled,
        model,
        effective,
        shown,
        createdAt,
        modifiedAt,
        said,
        etag);
  }

  /** Something about a task that is probably not meant. */
  @RegisterForReflection
  public record TaskWarning(
      @Field(values = {APPROVALS_UNKNOWN, TOOLS_UNKNOWN}) String code, @Field String message) {
    static final String APPROVALS_UNKNOWN = "approvals_unknown";
    static final String TOOLS_UNKNOWN = "tools_unknown";
  }
}
