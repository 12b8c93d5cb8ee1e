/** Compiled code, kept by content address from one process to the next. */
@NullMarked
package dev.errand.tools.servlet.code;

import org.jspecify.annotations.NullMarked;
