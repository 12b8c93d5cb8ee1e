/** What users have granted to clients: codes, tokens, and the grants themselves. */
@NullMarked
package dev.errand.identity.oauth.grant;

import org.jspecify.annotations.NullMarked;
