package dev.errand.identity.oidc;

import dev.errand.identity.oidc.ProfileGroup.ProfileGroupReader;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import java.util.List;
import java.util.Optional;

/**
 * Who may sign in by OIDC, and what for. The provider itself is named by the settings {@code
 * quarkus.oidc}.
 */
@ConfigMapping(prefix = "errand.oidc")
interface OidcSignInConfig {
  /**
   * Groups of the provider whose people sign in as admins. With it, the role follows the groups at
   * each sign-in; without it, the role that a user has stays.
   */
  Optional<List<String>> adminGroups();

  /** Groups of the provider whose people sign in as members. */
  Optional<List<String>> memberGroups();

  /** Domains of mail whose people sign in as members, where the provider has verified the mail. */
  Optional<List<String>> memberDomains();

  /**
   * The roles that groups have in profiles, each as {@code group=user/profile:role}, such as {@code
   * ops=admin/default:editor}. They follow the groups at each sign-in.
   */
  Optional<List<@WithConverter(ProfileGroupReader.class) ProfileGroup>> profileGroups();
}
