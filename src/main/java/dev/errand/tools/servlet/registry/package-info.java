/** The registry: servlets, their versions by content address, and their bytes. */
@NullMarked
package dev.errand.tools.servlet.registry;

import org.jspecify.annotations.NullMarked;
