package dev.errand.identity.profile;

/**
 * Event: a profile was given another name in the current transaction.
 *
 * @param before its owner and former name
 */
public record ProfileRenamed(ProfileSlug before, ProfileSlug now) {}
