package dev.errand.identity.user;

import java.util.UUID;

/** A user was disabled. It is fired in the transaction that disables the user. */
public record UserDisabled(UUID id) {}
