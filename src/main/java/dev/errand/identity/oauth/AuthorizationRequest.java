package dev.errand.identity.oauth;

import dev.errand.identity.account.Scope;
import java.util.Set;

/**
 * A checked request of a client for access.
 *
 * @param scopes what it wants to do; at least one
 * @param resource the endpoint for which it wants access
 */
record AuthorizationRequest(
    OAuthClient client,
    AnswerTarget target,
    Set<Scope> scopes,
    McpAddress resource,
    String challenge) {}
