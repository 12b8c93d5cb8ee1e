/**
 * Installations: a profile's servlets and remote servers, what they need and may do, their tools,
 * trial calls, and what happens when the tools of a remote server change.
 */
@NullMarked
package dev.errand.tools.install;

import org.jspecify.annotations.NullMarked;
