package dev.errand.identity.user;

import java.util.UUID;

/**
 * A user is disabled. It is fired in the transaction that disables the user, or says so again: what
 * was made meanwhile ends, too.
 *
 * @param before whether the user was so before
 */
public record UserDisabled(UUID id, boolean before) {}
