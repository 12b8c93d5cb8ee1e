package dev.errand.runs.approval;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which calls of an installation's tools would have waited for a person by some rules.
 *
 * @param since the first time of a run that was looked at
 * @param examples some that would have waited, newest runs first
 */
@RegisterForReflection
@ApiSchema("ApprovalPreview")
public record ApprovalPreview(
    @Field Instant since,
    @Field("How many runs were looked at.") int runs,
    @Field("How many calls of the tools they have.") int calls,
    @Field("How many of these would have waited.") int waiting,
    @Field("Whether these are all runs since then.") boolean complete,
    @Field("By tool, those that were called.") Map<String, Count> tools,
    @Field List<Example> examples) {
  /** The calls of a tool. */
  @RegisterForReflection
  public record Count(@Field int calls, @Field int waiting) {
    static final Count NONE = new Count(0, 0);

    Count plus(boolean waits) {
      return new Count(calls + 1, waiting + (waits ? 1 : 0));
    }
  }

  /** A call that would have waited. */
  @RegisterForReflection
  public record Example(
      @Field String task,
      @Field String run,
      @Field("Of the run.") URI url,
      @Field String tool,
      @Field("The beginning of the arguments, as JSON.") String arguments) {}
}
