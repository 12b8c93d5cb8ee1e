/** Migrations of the schema at the start. */
@NullMarked
package dev.errand.app.migration;

import org.jspecify.annotations.NullMarked;
