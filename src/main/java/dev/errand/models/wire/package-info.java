/** HTTP to models' servers: requests, streamed answers, limits and errors, for all vendors. */
@NullMarked
package dev.errand.models.wire;

import org.jspecify.annotations.NullMarked;
