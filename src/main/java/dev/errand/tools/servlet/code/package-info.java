/** A persistent cache of compiled servlets, by content address. */
@NullMarked
package dev.errand.tools.servlet.code;

import org.jspecify.annotations.NullMarked;
