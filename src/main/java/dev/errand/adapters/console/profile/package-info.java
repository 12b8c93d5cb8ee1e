/** The pages of profiles: home, list, members, settings, and providers of models. */
@NullMarked
package dev.errand.adapters.console.profile;

import org.jspecify.annotations.NullMarked;
