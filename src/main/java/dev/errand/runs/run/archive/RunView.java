package dev.errand.runs.run.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.runs.queue.record.Run;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as clients see it.
 *
 * @param name its name
 * @param url where it is, absolute
 * @param status pending, running, ready or error
 * @param parameters what it was triggered with
 * @param output the last message's text
 * @param finishReason why that message is not all of the model's answer, in the word of the model's
 *     server; absent where nothing says that it isn't
 * @param error why it ended without one
 * @param trigger what started it
 * @param attempt how often it was claimed
 * @param depth how many runs stand above it
 * @param usage what it has used
 * @param results its entries; absent where they were not asked for
 * @param createdAt when it was triggered
 * @param modifiedAt when it last changed
 * @param scheduledAt for when it was meant
 * @param startedAt when it was first claimed
 * @param finishedAt when it ended
 * @param late by how much it began later than it was meant to at first; absent where it has not
 *     begun, or nobody said when it was meant to
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RunView(
    String name,
    String url,
    String status,
    @JsonRawValue String parameters,
    @Nullable String output,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String finishReason,
    @Nullable Failed error,
    @JsonRawValue String trigger,
    int attempt,
    int depth,
    @JsonRawValue String usage,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String results,
    Instant createdAt,
    Instant modifiedAt,
    @Nullable Instant scheduledAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Duration late) {

  /**
   * Why a run ended without a last message.
   *
   * @param code a stable code
   * @param message a sentence
   */
  @RegisterForReflection
  public record Failed(String code, String message) {}

  /**
   * The view of a run.
   *
   * @param entries its entries; null leaves them out
   */
  public static RunView of(Run run, String url, @Nullable List<String> entries) {
    String code = run.errorCode();
    String message = run.errorMessage();
    return new RunView(
        run.name(),
        url,
        run.status().code(),
        run.parameters(),
        run.output(),
        run.finishReason(),
        code == null || message == null ? null : new Failed(code, message),
        run.trigger(),
        run.attempt(),
        run.depth(),
        run.usage(),
        entries == null ? null : RunArchive.array(entries),
        run.createdAt(),
        run.modifiedAt(),
        run.scheduledAt(),
        run.startedAt(),
        run.finishedAt(),
        late(run));
  }

  private static @Nullable Duration late(Run run) {
    Instant meant = run.meantFor();
    Instant began = run.startedAt();
    if (meant == null || began == null) {
      return null;
    }
    return began.isBefore(meant) ? Duration.ZERO : Duration.between(meant, began);
  }
}
