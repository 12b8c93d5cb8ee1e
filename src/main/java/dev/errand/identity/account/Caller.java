package dev.errand.identity.account;

import java.util.UUID;

/**
 * The user on whose behalf a request is made.
 *
 * @param id the user's id
 * @param username the user's name
 */
public record Caller(UUID id, String username) {}
