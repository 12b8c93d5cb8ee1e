/** Sign-in by password, and the sessions that it creates. */
@NullMarked
package dev.errand.identity.signin;

import org.jspecify.annotations.NullMarked;
