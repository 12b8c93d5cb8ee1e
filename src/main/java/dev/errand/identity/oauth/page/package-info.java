/** The page on which a user grants a client access. */
@NullMarked
package dev.errand.identity.oauth.page;

import org.jspecify.annotations.NullMarked;
