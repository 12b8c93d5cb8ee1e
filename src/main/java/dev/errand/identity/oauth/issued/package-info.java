/** Access tokens of an authorization server that is configured in place of the built-in one. */
@NullMarked
package dev.errand.identity.oauth.issued;

import org.jspecify.annotations.NullMarked;
