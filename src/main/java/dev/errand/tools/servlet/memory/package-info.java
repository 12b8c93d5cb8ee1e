/** The memory, tables and interpreter of one instance, bounded. */
@NullMarked
package dev.errand.tools.servlet.memory;

import org.jspecify.annotations.NullMarked;
