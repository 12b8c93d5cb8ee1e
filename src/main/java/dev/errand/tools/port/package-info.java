/** The ports and records of tools: declarations, calls, results and sources. */
@NullMarked
package dev.errand.tools.port;

import org.jspecify.annotations.NullMarked;
