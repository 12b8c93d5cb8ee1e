/** Authentication of requests. */
@NullMarked
package dev.errand.identity.auth;

import org.jspecify.annotations.NullMarked;
