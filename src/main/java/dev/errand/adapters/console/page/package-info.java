/** The common parts of the console's pages: access, layout, forms. */
@NullMarked
package dev.errand.adapters.console.page;

import org.jspecify.annotations.NullMarked;
