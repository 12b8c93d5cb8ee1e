/** The start: the embedded database, the admin, the default profile, the bundled servlets. */
@NullMarked
package dev.errand.app.boot;

import org.jspecify.annotations.NullMarked;
