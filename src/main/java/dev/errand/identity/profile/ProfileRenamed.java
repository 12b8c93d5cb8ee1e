package dev.errand.identity.profile;

/** Event: a profile was given another name in the current transaction. */
public record ProfileRenamed(ProfileSlug before, ProfileSlug now) {}
