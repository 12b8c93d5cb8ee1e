package dev.errand.runs.provider;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.models.port.SettingsByRunner;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider as clients see it; never its key.
 *
 * @param slug its name in tasks, {@code user/name} or {@code user/profile/name}
 * @param model the runner's settings, under the runner's name
 * @param settings the end of its key
 * @param tasks the tasks that use it, as {@code user/profile/task}; the first ones by name
 */
@RegisterForReflection
public record ProviderView(
    String name,
    String slug,
    String runner,
    @JsonUnwrapped SettingsByRunner model,
    KeyView settings,
    List<String> tasks,
    long taskCount,
    Instant createdAt,
    Instant modifiedAt) {

  /**
   * The key of a provider.
   *
   * @param keyHint its end; null where there is none
   */
  @RegisterForReflection
  public record KeyView(@JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String keyHint) {}
}
