/** Profiles, which contain tasks and tools: members, roles, pauses, and access to them. */
@NullMarked
package dev.errand.identity.profile;

import org.jspecify.annotations.NullMarked;
