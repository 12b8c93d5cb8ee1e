/** Deletes servlets that nothing uses. */
@NullMarked
package dev.errand.tools.removal;

import org.jspecify.annotations.NullMarked;
