package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A request to pause a profile, or to end its pause.
 *
 * @param paused true, false, or absent for true
 */
@RegisterForReflection
@JsonIgnoreProperties("paused_at")
public record PauseRequest(@Nullable JsonNode paused) {
  /**
   * Whether the profile is to be paused.
   *
   * @throws ApiException when it is neither true nor false; null is not taken for the default,
   *     since a pause stops everything
   */
  boolean isPause() {
    if (paused != null && !paused.isBoolean()) {
      throw ApiException.invalid("paused", "must be true or false");
    }
    return paused == null || paused.booleanValue();
  }
}
