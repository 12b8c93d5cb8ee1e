/** Bounded memory, tables and interpreter of one instance. */
@NullMarked
package dev.errand.tools.servlet.memory;

import org.jspecify.annotations.NullMarked;
