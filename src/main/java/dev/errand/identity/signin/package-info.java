/** Sign-in by password, and the sessions that it makes. */
@NullMarked
package dev.errand.identity.signin;

import org.jspecify.annotations.NullMarked;
