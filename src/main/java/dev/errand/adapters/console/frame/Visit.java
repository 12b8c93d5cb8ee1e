package dev.errand.adapters.console.frame;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import java.util.UUID;

/**
 * A request for a page of a profile, by a user who may see it.
 *
 * @param caller the user
 * @param profile the profile, with its owner's name
 * @param profileId the profile's id
 * @param layout what stands around the content of the page
 */
public record Visit(Caller caller, ProfileSlug profile, UUID profileId, ConsoleLayout layout) {}
