/** Users, their sessions, and who the caller of a request is. */
@NullMarked
package dev.errand.account;

import org.jspecify.annotations.NullMarked;
