/**
 * The ports and records of tools: declarations, calls, results and sources; and the fair sharing of
 * calls, whatever source they go to.
 */
@NullMarked
package dev.errand.tools.port;

import org.jspecify.annotations.NullMarked;
