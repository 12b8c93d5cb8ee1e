/**
 * Authentication of requests: the session, token or access token that a request comes with is
 * recognised here, and requests that stay open end when their caller loses access.
 */
@NullMarked
package dev.errand.identity.auth;

import org.jspecify.annotations.NullMarked;
