/**
 * Kills servers and their database at random, and looks whether anything was lost or done twice.
 */
@NullMarked
package dev.errand.chaos;

import org.jspecify.annotations.NullMarked;
