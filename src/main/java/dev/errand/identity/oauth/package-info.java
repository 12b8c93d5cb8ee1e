/**
 * The authorization server of OAuth 2.1: clients, consent, grants, tokens, and the metadata of the
 * resources that it protects.
 */
@NullMarked
package dev.errand.identity.oauth;

import org.jspecify.annotations.NullMarked;
