/** Turns of users at what this process has little of, such as cores. */
@NullMarked
package dev.errand.base.turn;

import org.jspecify.annotations.NullMarked;
