/** Users: who may use this service, and in what role. */
@NullMarked
package dev.errand.identity.user;

import org.jspecify.annotations.NullMarked;
