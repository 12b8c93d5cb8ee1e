package dev.errand.runs.provider;

import dev.errand.base.error.ApiException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider as a task names it.
 *
 * @param user the user who owns it, or whose profile owns it; {@code ~} for the caller
 * @param profile the profile that owns it; null where the user does
 */
record ProviderName(String user, @Nullable String profile, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

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
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw ApiException.invalid("provider", "a provider's name is 1 to 64 of A-Z a-z 0-9 . _ ~ -");
    }
  }
}
