/** The service's database at its start: embedded PostgreSQL, its data folder, and migrations. */
@NullMarked
package dev.errand.app.database;

import org.jspecify.annotations.NullMarked;
