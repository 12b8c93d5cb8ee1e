/**
 * Installations: which servlets a profile has, what they are permitted, and the tools that come of
 * it.
 */
@NullMarked
package dev.errand.servlet.install;

import org.jspecify.annotations.NullMarked;
