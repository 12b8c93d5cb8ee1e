/** The state of the running service, for admins. */
@NullMarked
package dev.errand.adapters.status;

import org.jspecify.annotations.NullMarked;
