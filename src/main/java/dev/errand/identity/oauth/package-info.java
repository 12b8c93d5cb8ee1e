/**
 * The clients of the authorization server: registered, created by hand, or described by a document.
 */
@NullMarked
package dev.errand.identity.oauth;

import org.jspecify.annotations.NullMarked;
