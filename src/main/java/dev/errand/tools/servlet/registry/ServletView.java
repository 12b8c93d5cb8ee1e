package dev.errand.tools.servlet.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
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
 * @param versions some of its versions, the newest first
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Servlet")
public record ServletView(
    @Field String slug,
    @Field String description,
    @Field(values = {"public", "private"}) String visibility,
    @Field("The newest version.") @Nullable String address,
    @Field(schema = "ServletMeta") ServletSummary.Meta meta,
    @Field List<VersionView> versions,
    @Field("Your installations that have an older version than the newest.") List<Behind> behind,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @Field(
            "Present if the bytes are a yanked version: says so, with the command "
                + "that undoes the yank.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String note) {
  /**
   * A version of a servlet.
   *
   * @param tools its tools, a JSON array
   */
  @RegisterForReflection
  public record VersionView(
      @Field(
              "Installations can refer to it. It stays the same when the bytes are "
                  + "published again.")
          int number,
      @Field("The SHA-256 of the bytes.") String address,
      @Field Instant createdAt,
      @Field boolean yanked,
      @Field("Bytes.") int size,
      @Field(
              "How this process runs it: `built-in`, `compiled` or `interpreted`, "
                  + "with a reason.")
          String engine,
      @Field(schema = "Tool", list = true) @JsonRawValue String tools) {}

  /** An installation that has an older version than the newest. */
  @RegisterForReflection
  public record Behind(
      @Field String profile,
      @Field String name,
      @Field("Its current version.") int number,
      @Field("A command that moves it to the newest version.") String update) {
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
