package dev.errand.identity.user;

import java.util.UUID;

/**
 * Event: a user was created in the current transaction.
 *
 * @param profileId the user's profile named {@code default}
 */
public record UserCreated(UUID profileId) {}
