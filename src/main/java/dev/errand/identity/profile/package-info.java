/** Profiles: where a user's tasks and tools live, and who may reach them. */
@NullMarked
package dev.errand.identity.profile;

import org.jspecify.annotations.NullMarked;
