/** What holds for all use of the database: outages and its clock. */
@NullMarked
package dev.errand.base.database;

import org.jspecify.annotations.NullMarked;
