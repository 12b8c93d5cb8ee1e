/**
 * The start: checks of settings, the first admin, the default profile, the bundled servlets, and
 * the reasons for which a start fails.
 */
@NullMarked
package dev.errand.app.boot;

import org.jspecify.annotations.NullMarked;
