/** Pauses of profiles. */
@NullMarked
package dev.errand.identity.profile.pause;

import org.jspecify.annotations.NullMarked;
