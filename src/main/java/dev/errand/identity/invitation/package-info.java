/** Links by which users choose a password, the first one or another. */
@NullMarked
package dev.errand.identity.invitation;

import org.jspecify.annotations.NullMarked;
