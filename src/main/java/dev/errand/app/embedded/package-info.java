/** The embedded PostgreSQL and the data folder that it lives in. */
@NullMarked
package dev.errand.app.embedded;

import org.jspecify.annotations.NullMarked;
