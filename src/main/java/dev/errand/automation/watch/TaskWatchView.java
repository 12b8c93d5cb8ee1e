package dev.errand.automation.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A condition of a task's watch as clients see it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("WatchedCondition")
public record TaskWatchView(
    @Field(codes = WatchCondition.class) String condition,
    @Field("What the settings say.") String expected,
    @Field("Since when it is missed; null while it is not.") @Nullable Instant missedSince,
    @Field("How it is missed; null while it is not.") @Nullable String sentence) {}
