/** Tests that hold the guides in {@code src/docs} against the code. */
@NullMarked
package dev.errand.docs;

import org.jspecify.annotations.NullMarked;
