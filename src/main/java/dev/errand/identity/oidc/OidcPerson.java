package dev.errand.identity.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.database.StorableText;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The person whom the provider has signed in.
 *
 * @param subject what names the person there and never changes
 * @param session the provider's id of its session ({@code sid}); null where it names none
 * @param name the name that the person prefers, which may be that of somebody else here; null for
 *     none
 * @param email the email address; null for none
 */
public record OidcPerson(
    String issuer,
    String subject,
    @Nullable String session,
    @Nullable String name,
    @Nullable String email,
    boolean isEmailVerified,
    Set<String> groups) {
  private static final int LONGEST_EMAIL = 254;

  /**
   * The person of an ID token; empty where it names none.
   *
   * @param userInfo the claims of the provider's user info; an empty object where it was not
   *     requested
   */
  public static Optional<OidcPerson> of(JsonNode token, JsonNode userInfo, Set<String> groups) {
    String issuer = text(token, "iss");
    String subject = text(token, "sub");
    if (issuer == null || subject == null) {
      return Optional.empty();
    }
    // The address and its verification come from the same source.
    JsonNode mail = token.has("email") ? token : userInfo;
    String email = text(mail, "email");
    String name = text(token, "preferred_username");
    return Optional.of(
        new OidcPerson(
            issuer,
            subject,
            text(token, "sid"),
            name == null ? text(userInfo, "preferred_username") : name,
            email != null && email.length() <= LONGEST_EMAIL ? email : null,
            mail.path("email_verified").asText().equals("true"),
            Set.copyOf(groups)));
  }

  /** Names the person for logs and answers. */
  String shown() {
    String shown = name == null ? email : name;
    return shown == null ? subject : shown;
  }

  /** The text of a claim; null where it has none, or one that can't be stored. */
  static @Nullable String text(JsonNode claims, String name) {
    JsonNode claim = claims.path(name);
    return claim.isTextual() && !claim.asText().isBlank() && StorableText.is(claim.asText())
        ? claim.asText()
        : null;
  }
}
