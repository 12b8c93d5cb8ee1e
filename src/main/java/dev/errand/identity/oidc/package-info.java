/**
 * Sign-in by an OpenID provider (OpenID Connect Core 1.0, Back-Channel Logout 1.0), and what its
 * groups allow.
 */
@NullMarked
package dev.errand.identity.oidc;

import org.jspecify.annotations.NullMarked;
