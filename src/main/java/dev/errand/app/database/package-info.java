/** The embedded PostgreSQL and its data folder. */
@NullMarked
package dev.errand.app.database;

import org.jspecify.annotations.NullMarked;
