/**
 * Authentication of requests: {@code CredentialMechanism} finds the session, token or access token
 * that a request comes with, and {@code CredentialIdentityProvider} whose it is. Requests that stay
 * open end when their caller loses access.
 */
@NullMarked
package dev.errand.identity.auth;

import org.jspecify.annotations.NullMarked;
