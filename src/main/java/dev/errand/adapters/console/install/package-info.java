/** The forms by which servlets and remote servers are installed and changed. */
@NullMarked
package dev.errand.adapters.console.install;

import org.jspecify.annotations.NullMarked;
