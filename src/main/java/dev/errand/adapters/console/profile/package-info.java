/** The pages of profiles: list, members, settings. */
@NullMarked
package dev.errand.adapters.console.profile;

import org.jspecify.annotations.NullMarked;
