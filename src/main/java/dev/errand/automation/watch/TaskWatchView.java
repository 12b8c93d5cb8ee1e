package dev.errand.automation.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A condition of a task's watch as clients see it.
 *
 * @param expected what the settings say
 * @param missedSince since when it is missed; null while it is not
 * @param sentence how it is missed; null while it is not
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record TaskWatchView(
    String condition, String expected, @Nullable Instant missedSince, @Nullable String sentence) {}
