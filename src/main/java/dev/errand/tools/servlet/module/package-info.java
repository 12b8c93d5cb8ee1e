/** Modules: scanned, checked, parsed and compiled. */
@NullMarked
package dev.errand.tools.servlet.module;

import org.jspecify.annotations.NullMarked;
