package dev.errand.identity.user;

import java.util.UUID;

/** Event: an address became the verified one of a user in the current transaction. */
public record EmailVerified(UUID accountId) {}
