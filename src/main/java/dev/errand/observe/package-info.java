/** Counts, logs and traces what the other rooms do, for whoever runs the service. */
@NullMarked
package dev.errand.observe;

import org.jspecify.annotations.NullMarked;
