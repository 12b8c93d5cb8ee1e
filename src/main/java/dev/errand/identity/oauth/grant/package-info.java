/** Grants of users to OAuth clients, with their codes and tokens. */
@NullMarked
package dev.errand.identity.oauth.grant;

import org.jspecify.annotations.NullMarked;
