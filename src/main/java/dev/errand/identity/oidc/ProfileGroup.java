package dev.errand.identity.oidc;

import dev.errand.base.field.NameRule;
import dev.errand.base.json.Coded;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.profile.ProfileSlug;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** The role that a group of the provider has in a profile. */
record ProfileGroup(String group, ProfileSlug profile, ProfileRole role) {
  /** Reads {@code group=user/profile:role}. A group may have any characters but a comma. */
  public static final class ProfileGroupReader implements Converter<ProfileGroup> {
    private static final long serialVersionUID = 1L;

    private static final String WANTED =
        "must be group=user/profile:role, with a role of " + Coded.codes(ProfileRole.class);

    private static final String NAMES =
        "must be group=user/profile:role, with the names of a user and of a profile";

    // The name of the group may contain the separators.
    private static final Pattern FORM = Pattern.compile("(.+)=([^=/]+)/([^=/:]+):([a-z]+)");

    @Override
    public ProfileGroup convert(String text) {
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches()) {
        throw new IllegalArgumentException(WANTED);
      }
      ProfileRole role =
          Coded.find(ProfileRole.class, form.group(4))
              .orElseThrow(() -> new IllegalArgumentException(WANTED));
      // It applies to whoever is in the group, so that ~ is nobody.
      if (!NameRule.PLAIN.admits(form.group(2))
          || !NameRule.TILDE.admits(form.group(3))
          || form.group(3).equals("~")) {
        throw new IllegalArgumentException(NAMES);
      }
      return new ProfileGroup(form.group(1), new ProfileSlug(form.group(2), form.group(3)), role);
    }
  }
}
