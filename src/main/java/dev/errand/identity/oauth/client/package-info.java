/**
 * The clients of the authorization server: registered, made by hand, or described by a document.
 */
@NullMarked
package dev.errand.identity.oauth.client;

import org.jspecify.annotations.NullMarked;
