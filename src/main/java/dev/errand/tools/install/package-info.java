/**
 * Installations: a profile's servlets and servers, what they need and may do, their tools, and
 * trial calls.
 */
@NullMarked
package dev.errand.tools.install;

import org.jspecify.annotations.NullMarked;
