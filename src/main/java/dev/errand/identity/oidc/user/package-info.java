/** Users who sign in by OIDC: what their groups allow, and how they are created. */
@NullMarked
package dev.errand.identity.oidc.user;

import org.jspecify.annotations.NullMarked;
