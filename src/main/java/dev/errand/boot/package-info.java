/** The first start: the embedded database, the admin, the default profile, the bundled servlets. */
@NullMarked
package dev.errand.boot;

import org.jspecify.annotations.NullMarked;
