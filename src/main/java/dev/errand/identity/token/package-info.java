/** Tokens, by which programs authenticate. */
@NullMarked
package dev.errand.identity.token;

import org.jspecify.annotations.NullMarked;
