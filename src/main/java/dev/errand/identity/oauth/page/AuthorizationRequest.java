package dev.errand.identity.oauth.page;

import dev.errand.identity.account.Scope;
import dev.errand.identity.oauth.client.OAuthClient;
import dev.errand.identity.oauth.resource.McpAddress;
import java.util.Set;

/**
 * What a client asks a user for, checked.
 *
 * @param client the client
 * @param target where the answer leads to
 * @param scopes what it wants to do; at least one
 * @param resource the endpoint at which it wants to do it
 * @param challenge the code challenge
 */
record AuthorizationRequest(
    OAuthClient client,
    AnswerTarget target,
    Set<Scope> scopes,
    McpAddress resource,
    String challenge) {}
