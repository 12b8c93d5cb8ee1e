package dev.errand.identity.profile;

import java.util.UUID;

/**
 * Event: a profile is about to be deleted in the current transaction, with what is in it. An
 * observer may refuse by throwing, and ends live runs.
 */
public record ProfileDeletion(UUID profileId, ProfileSlug slug, boolean force) {}
