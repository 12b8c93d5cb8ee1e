package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a profile is paused.
 *
 * @param pausedAt when it was paused; null where it is not
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Pause")
public record PauseView(@Field boolean paused, @Field @Nullable Instant pausedAt)
    implements Tagged {
  @Override
  public long etag() {
    return pausedAt == null ? 0 : ChronoUnit.MICROS.between(Instant.EPOCH, pausedAt);
  }

  static PauseView of(@Nullable Instant pausedAt) {
    return new PauseView(pausedAt != null, pausedAt);
  }
}
