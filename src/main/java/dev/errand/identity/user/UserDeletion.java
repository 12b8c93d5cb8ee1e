package dev.errand.identity.user;

import java.util.UUID;

/**
 * Event: a user is about to be deleted in the current transaction, with their profiles. An observer
 * may refuse by throwing, and deletes data that would be left.
 */
public record UserDeletion(UUID userId, String username, boolean force) {}
