/** Installations: the servlets and servers of a profile, their permissions and their tools. */
@NullMarked
package dev.errand.tools.install;

import org.jspecify.annotations.NullMarked;
