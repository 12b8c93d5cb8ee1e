/** Request mode: events in, dispatch out. */
@NullMarked
package dev.errand.adapters.serverless;

import org.jspecify.annotations.NullMarked;
