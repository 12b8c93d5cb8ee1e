/** Authentication of requests, and the access of those that stay open. */
@NullMarked
package dev.errand.identity.auth;

import org.jspecify.annotations.NullMarked;
