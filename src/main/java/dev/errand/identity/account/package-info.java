/**
 * What all layers know of users: the caller with their rights and scopes, users, roles, and the
 * sessions that requests are looked up by. Sessions are created and ended in {@code
 * identity.signin}, recognised in {@code identity.auth}; users are administered in {@code
 * identity.user}.
 */
@NullMarked
package dev.errand.identity.account;

import org.jspecify.annotations.NullMarked;
