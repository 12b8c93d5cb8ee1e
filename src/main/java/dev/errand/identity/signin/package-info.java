/** Sign-in by password: it creates sessions, lists and ends them. */
@NullMarked
package dev.errand.identity.signin;

import org.jspecify.annotations.NullMarked;
