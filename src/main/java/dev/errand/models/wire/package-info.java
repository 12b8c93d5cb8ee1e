/** Connections to models' servers and the pieces that arrive on them. */
@NullMarked
package dev.errand.models.wire;

import org.jspecify.annotations.NullMarked;
