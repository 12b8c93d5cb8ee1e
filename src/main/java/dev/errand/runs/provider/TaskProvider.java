package dev.errand.runs.provider;

import dev.errand.base.database.Row;
import dev.errand.identity.profile.Profile;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A provider as its tasks need it, as the database had it: without its key.
 *
 * @param ofProfile whether a profile owns it; otherwise a user does
 * @param settings the runner's settings, as JSON, for fields that a task does not set
 * @param baseUrl the server; null is the configured one
 */
public record TaskProvider(
    UUID id,
    boolean ofProfile,
    String name,
    String runner,
    String settings,
    @Nullable String baseUrl) {
  public static final String COLUMNS =
      """
      provider.id AS provider_id, provider.profile_id AS provider_profile_id,
      provider.name AS provider, provider.runner AS provider_runner,
      provider.settings AS provider_settings, provider.base_url AS provider_base_url
      """;

  public static final String JOIN = " LEFT JOIN provider ON provider.id = task.provider_id ";

  /** Reads the provider of a task; null where it has none. */
  public static @Nullable TaskProvider of(Row row) {
    UUID id = row.idOrNull("provider_id");
    return id == null
        ? null
        : new TaskProvider(
            id,
            row.idOrNull("provider_profile_id") != null,
            row.text("provider"),
            row.text("provider_runner"),
            row.text("provider_settings"),
            row.textOrNull("provider_base_url"));
  }

  /**
   * Its name in tasks, {@code user/name} or {@code user/profile/name}.
   *
   * @param profile the profile of a task that names it: its own, or one of its user
   */
  public String slug(Profile profile) {
    return (ofProfile ? profile.slug() : profile.user().username()) + "/" + name;
  }
}
