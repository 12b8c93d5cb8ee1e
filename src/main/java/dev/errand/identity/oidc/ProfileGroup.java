package dev.errand.identity.oidc;

import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.profile.ProfileSlug;

/**
 * The role that a group of the provider has in a profile.
 *
 * @param role the role of the group's people there
 */
record ProfileGroup(String group, ProfileSlug profile, ProfileRole role) {}
