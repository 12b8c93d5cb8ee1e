/** Changing the master key by the API. */
@NullMarked
package dev.errand.adapters.admin;

import org.jspecify.annotations.NullMarked;
