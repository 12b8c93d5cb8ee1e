/**
 * What all pages of the console share: access, layout, forms, and how times, amounts and runs are
 * shown.
 */
@NullMarked
package dev.errand.adapters.console.page;

import org.jspecify.annotations.NullMarked;
