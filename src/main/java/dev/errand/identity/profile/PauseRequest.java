package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A request to pause a profile, or to end its pause.
 *
 * @param paused whether it is to be paused; true by default
 */
@RegisterForReflection
@JsonIgnoreProperties("paused_at")
public record PauseRequest(@Nullable Boolean paused) {}
