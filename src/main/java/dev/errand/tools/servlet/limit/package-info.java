/** The limits of servlets, and the fair sharing of cores, calls and memory. */
@NullMarked
package dev.errand.tools.servlet.limit;

import org.jspecify.annotations.NullMarked;
