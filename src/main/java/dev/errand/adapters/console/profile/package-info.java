/** The pages that lead from profile to profile, and say who shares one. */
@NullMarked
package dev.errand.adapters.console.profile;

import org.jspecify.annotations.NullMarked;
