/**
 * What only admins ask for by the API: the state of the service, and a change of its master key.
 */
@NullMarked
package dev.errand.adapters.admin;

import org.jspecify.annotations.NullMarked;
