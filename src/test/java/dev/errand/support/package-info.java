/** What tests stand on: a real database, a scripted model's server, a client of the API. */
@NullMarked
package dev.errand.support;

import org.jspecify.annotations.NullMarked;
