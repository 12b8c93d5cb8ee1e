/** The limits of servlets: the time, memory, requests and share of the cores that a call has. */
@NullMarked
package dev.errand.tools.servlet.limit;

import org.jspecify.annotations.NullMarked;
