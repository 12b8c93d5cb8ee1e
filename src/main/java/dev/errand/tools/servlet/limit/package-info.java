/** The limits under which servlets run, and how calls share what is scarce. */
@NullMarked
package dev.errand.tools.servlet.limit;

import org.jspecify.annotations.NullMarked;
