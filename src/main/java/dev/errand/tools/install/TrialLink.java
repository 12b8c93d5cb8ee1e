package dev.errand.tools.install;

import dev.errand.identity.profile.ProfileSlug;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where a person calls a tool of an installation in the console. */
final class TrialLink {
  private TrialLink() {}

  /** The path, relative to the base of the service and without a slash at its start. */
  static String path(ProfileSlug profile, String installation, String tool) {
    return "console/%s/%s/tools/%s/try?tool=%s"
        .formatted(
            encoded(profile.user()), encoded(profile.name()), encoded(installation), encoded(tool));
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
