/** Changing one's password. */
@NullMarked
package dev.errand.identity.password;

import org.jspecify.annotations.NullMarked;
