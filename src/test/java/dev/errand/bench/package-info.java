/** Measures packaged servers under load, each in a process of its own. */
@NullMarked
package dev.errand.bench;

import org.jspecify.annotations.NullMarked;
