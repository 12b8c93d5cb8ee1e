/** Reads the bytes of modules, removes custom sections, and finds the names of functions. */
@NullMarked
package dev.errand.tools.servlet.binary;

import org.jspecify.annotations.NullMarked;
