/** How the service uses the database: SQL with named parameters, outages and its clock. */
@NullMarked
package dev.errand.base.database;

import org.jspecify.annotations.NullMarked;
