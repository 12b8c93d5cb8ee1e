/** What orchestrators ask: started, ready, alive. */
@NullMarked
package dev.errand.app.health;

import org.jspecify.annotations.NullMarked;
