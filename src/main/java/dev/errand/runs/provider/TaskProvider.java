package dev.errand.runs.provider;

import dev.errand.identity.profile.Profile;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A provider as its tasks need it, as the database had it: without its key.
 *
 * @param ofProfile whether a profile owns it; otherwise a user does
 * @param settings the runner's settings, as JSON, for fields that a task does not set
 * @param baseUrl the server; null is the configured one
 */
@RegisterForReflection
public record TaskProvider(
    @Column(name = "provider_id") UUID id,
    @Column(name = "provider_of_profile") boolean ofProfile,
    @Column(name = "provider") String name,
    @Column(name = "provider_runner") String runner,
    @Column(name = "provider_settings") String settings,
    @Column(name = "provider_base_url") @Nullable String baseUrl) {
  public static final String COLUMNS =
      """
      provider.id AS provider_id, provider.profile_id IS NOT NULL AS provider_of_profile,
      provider.name AS provider, provider.runner AS provider_runner,
      provider.settings AS provider_settings, provider.base_url AS provider_base_url
      """;

  public static final String JOIN = " LEFT JOIN provider ON provider.id = task.provider_id ";

  /**
   * Its name in tasks, {@code user/name} or {@code user/profile/name}.
   *
   * @param profile the profile of a task that names it: its own, or one of its user
   */
  public String slug(Profile profile) {
    return (ofProfile ? profile.slug() : profile.user().username()) + "/" + name;
  }
}
