/** The embedded PostgreSQL and its data folder. */
@NullMarked
package dev.errand.app.embedded;

import org.jspecify.annotations.NullMarked;
