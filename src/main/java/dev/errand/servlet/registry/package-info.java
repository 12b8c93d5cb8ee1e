/** The registry: servlets, their versions by content address, and their bytes. */
@NullMarked
package dev.errand.servlet.registry;

import org.jspecify.annotations.NullMarked;
