package dev.errand.identity.oidc;

import dev.errand.identity.account.UserRole;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.profile.ProfileSlug;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Determines what a person's groups and email domain allow. */
@ApplicationScoped
public class OidcRules {
  private final Set<String> adminGroups;
  private final Set<String> memberGroups;
  private final Set<String> memberDomains;
  private final List<ProfileGroup> profileGroups;

  OidcRules(OidcSignInConfig config) {
    this.adminGroups = Set.copyOf(config.adminGroups().orElse(List.of()));
    this.memberGroups = Set.copyOf(config.memberGroups().orElse(List.of()));
    this.memberDomains = Set.copyOf(lower(config.memberDomains().orElse(List.of())));
    this.profileGroups = config.profileGroups().orElse(List.of());
  }

  /**
   * What a person may do.
   *
   * @param isRoleByGroup whether an existing user gets the role, too
   * @param profiles the profiles that are shared with the person
   */
  record Grant(UserRole role, boolean isRoleByGroup, Map<ProfileSlug, ProfileRole> profiles) {}

  /** Whether any person may sign in. */
  public boolean isAnybodyAllowed() {
    return !(adminGroups.isEmpty() && memberGroups.isEmpty() && memberDomains.isEmpty());
  }

  /** Whether groups decide the role of an existing user. */
  boolean isRoleByGroup() {
    return !adminGroups.isEmpty();
  }

  /** What a person may do; empty where the person may not sign in. */
  Optional<Grant> grantOf(OidcPerson person) {
    boolean isAdmin = isIn(adminGroups, person);
    if (!isAdmin && !isIn(memberGroups, person) && !isOfDomain(person)) {
      return Optional.empty();
    }
    return Optional.of(
        new Grant(
            isAdmin ? UserRole.ADMIN : UserRole.MEMBER,
            isRoleByGroup(),
            profilesOf(person.groups())));
  }

  private static boolean isIn(Set<String> groups, OidcPerson person) {
    return groups.stream().anyMatch(person.groups()::contains);
  }

  private boolean isOfDomain(OidcPerson person) {
    String email = person.email();
    return email != null
        && person.isEmailVerified()
        && memberDomains.contains(
            email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT));
  }

  private Map<ProfileSlug, ProfileRole> profilesOf(Set<String> groups) {
    Map<String, ProfileGroup> highest = new TreeMap<>();
    for (ProfileGroup one : profileGroups) {
      if (groups.contains(one.group())) {
        highest.merge(
            one.profile().toString(), one, (a, b) -> a.role().compareTo(b.role()) >= 0 ? a : b);
      }
    }
    return highest.values().stream()
        .collect(Collectors.toUnmodifiableMap(ProfileGroup::profile, ProfileGroup::role));
  }

  private static List<String> lower(Collection<String> texts) {
    return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
  }
}
