/** How much memory this process gives to what it parses from outside. */
@NullMarked
package dev.errand.budget;

import org.jspecify.annotations.NullMarked;
