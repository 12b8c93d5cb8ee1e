package dev.errand.identity.profile;

import java.util.UUID;

/** Event: a profile was created in the current transaction, other than with its user. */
public record ProfileCreated(UUID profileId) {}
