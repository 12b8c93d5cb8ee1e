/** The page on which a person calls a tool. */
@NullMarked
package dev.errand.adapters.console.tool.trial;

import org.jspecify.annotations.NullMarked;
