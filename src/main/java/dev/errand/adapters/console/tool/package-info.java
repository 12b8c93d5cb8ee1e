/** The pages of what is installed in a profile, and of its tools. */
@NullMarked
package dev.errand.adapters.console.tool;

import org.jspecify.annotations.NullMarked;
