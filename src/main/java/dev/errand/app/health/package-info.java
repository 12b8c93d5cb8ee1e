/** Health checks for orchestrators: started, ready, alive. */
@NullMarked
package dev.errand.app.health;

import org.jspecify.annotations.NullMarked;
