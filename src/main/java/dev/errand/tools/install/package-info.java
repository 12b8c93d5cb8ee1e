/** Installations: which servlets a profile has, what they are permitted, and their tools. */
@NullMarked
package dev.errand.tools.install;

import org.jspecify.annotations.NullMarked;
