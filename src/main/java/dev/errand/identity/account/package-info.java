/** Users and their sessions. */
@NullMarked
package dev.errand.identity.account;

import org.jspecify.annotations.NullMarked;
