/**
 * What all layers know of users: the caller with their rights and scopes, users, roles, and the
 * sessions that requests are looked up by. Users are administered in {@code identity.user}.
 *
 * <p>A sign-in creates a session, in {@code identity.signin}, where users also end it. Only those
 * for which nobody signs in, of the operator and of development, are created by {@link
 * dev.errand.identity.account.Sessions}. A request's session is recognised in {@code
 * identity.auth}, which has {@code Sessions} look it up. {@link
 * dev.errand.identity.account.CredentialUses} then records the use, which extends the session of a
 * user who has signed in.
 */
@NullMarked
package dev.errand.identity.account;

import org.jspecify.annotations.NullMarked;
