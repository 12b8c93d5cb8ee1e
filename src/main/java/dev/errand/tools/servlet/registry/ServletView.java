package dev.errand.tools.servlet.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.base.http.ApiCommand;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A servlet with versions of it.
 *
 * @param slug {@code owner/name}
 * @param visibility public or private
 * @param address the address of its newest version; null where all are yanked
 * @param versions some of its versions, the newest first
 * @param behind the caller's installations that have an older version
 * @param note a note for the publisher; null in other answers
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ServletView(
    String slug,
    String description,
    String visibility,
    @Nullable String address,
    ServletSummary.Meta meta,
    List<VersionView> versions,
    List<Behind> behind,
    Instant createdAt,
    Instant modifiedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {
  /**
   * A version of a servlet.
   *
   * @param engine how this process runs it
   * @param tools its tools, a JSON array
   */
  @RegisterForReflection
  public record VersionView(
      int number,
      String address,
      Instant createdAt,
      boolean yanked,
      int size,
      String engine,
      @JsonRawValue String tools) {}

  /**
   * An installation that has an older version than the newest.
   *
   * @param number the number of the version that it has
   * @param update a command that updates it to the newest version
   */
  @RegisterForReflection
  public record Behind(String profile, String name, int number, String update) {
    static Behind of(String user, String profile, String name, int number) {
      String update =
          ApiCommand.of(
              "PATCH",
              "/api/profiles/%s/%s/installations/%s".formatted(user, profile, name),
              "{\"address\":\"" + ServletCatalogue.LATEST + "\"}");
      return new Behind(profile, name, number, update);
    }
  }
}
