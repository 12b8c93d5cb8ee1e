/** What admins want to know of the running service. */
@NullMarked
package dev.errand.adapters.status;

import org.jspecify.annotations.NullMarked;
