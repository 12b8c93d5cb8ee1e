/** Servlets under attack, and what they may do. */
@NullMarked
package dev.errand.servlet.host;

import org.jspecify.annotations.NullMarked;
