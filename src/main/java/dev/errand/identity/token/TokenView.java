package dev.errand.identity.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token.
 *
 * @param name what it is for
 * @param token its text, only in the answer that creates it; null in any other
 * @param profiles the profiles that it is limited to, as {@code user/profile}; null for all
 * @param tasks the tasks that it is limited to, as {@code user/profile/task}; null for all
 * @param expiresAt when it ends; null for never
 * @param lastUsedAt when it was last used, to the minute; null for never
 * @param warnings what is probably not meant, only in the answer that creates it
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record TokenView(
    UUID id,
    String name,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token,
    List<String> scopes,
    @Nullable List<String> profiles,
    @Nullable List<String> tasks,
    @Nullable Instant expiresAt,
    Instant createdAt,
    @Nullable Instant lastUsedAt,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TokenWarning> warnings) {

  /**
   * Something about a new token that is probably not meant.
   *
   * @param code {@code task_unknown}
   */
  @RegisterForReflection
  public record TokenWarning(String code, String message) {
    private static TokenWarning unknown(String task) {
      return new TokenWarning(
          "task_unknown",
          "There is no task " + task + " yet: the token covers it once it is registered.");
    }
  }

  /** The same, with a warning for each task that does not exist. */
  TokenView withUnknown(List<String> unknownTasks) {
    return new TokenView(
        id,
        name,
        token,
        scopes,
        profiles,
        tasks,
        expiresAt,
        createdAt,
        lastUsedAt,
        unknownTasks.stream().map(TokenWarning::unknown).toList());
  }

  static TokenView of(Row row) {
    return of(row, null);
  }

  static TokenView of(Row row, @Nullable String token) {
    return new TokenView(
        row.id("id"),
        row.text("name"),
        token,
        row.texts("scopes"),
        row.flag("to_profiles") ? row.texts("profiles") : null,
        row.flag("to_tasks") ? row.texts("tasks") : null,
        row.timeOrNull("expires_at"),
        row.time("created_at"),
        row.timeOrNull("last_used_at"),
        List.of());
  }

  /** Only the id, so that a log does not reveal the token. */
  @Override
  public String toString() {
    return "token " + id;
  }
}
