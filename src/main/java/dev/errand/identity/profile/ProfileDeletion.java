package dev.errand.identity.profile;

import java.util.UUID;

/**
 * Event: a profile is about to be deleted in the current transaction, with what is in it. An
 * observer may refuse by throwing, and ends live runs.
 *
 * @param profileId the profile
 * @param slug its owner and name
 * @param force whether live runs are ended for the deletion
 */
public record ProfileDeletion(UUID profileId, ProfileSlug slug, boolean force) {}
