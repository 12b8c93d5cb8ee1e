/** Changing the master key by the API. */
@NullMarked
package dev.errand.identity.reseal;

import org.jspecify.annotations.NullMarked;
