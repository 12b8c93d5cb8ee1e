package dev.errand.runs.provider;

import dev.errand.base.error.ApiException;
import dev.errand.base.field.NameRule;
import org.jspecify.annotations.Nullable;

/**
 * A provider as a task names it.
 *
 * @param user the user who owns it, or whose profile owns it; {@code ~} for the caller
 * @param profile the profile that owns it; null where the user does
 */
record ProviderName(String user, @Nullable String profile, String name) {
  /**
   * Reads {@code user/name} or {@code user/profile/name}.
   *
   * @throws ApiException where it is neither
   */
  static ProviderName parse(String text) {
    String[] parts = text.split("/", -1);
    return switch (parts.length) {
      case 2 -> new ProviderName(parts[0], null, parts[1]);
      case 3 -> new ProviderName(parts[0], parts[1], parts[2]);
      default ->
          throw ApiException.invalid(
              "provider",
              "must be ~/name for one of your own providers, or user/profile/name for one of the profile");
    };
  }

  /**
   * Checks the name of a provider.
   *
   * @throws ApiException where it is not valid
   */
  static void check(String name) {
    NameRule.TILDE.check("provider", "a provider's name is", name);
  }
}
