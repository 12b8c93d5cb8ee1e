/**
 * The administration of users: create, change, disable and delete them, and the invitations and
 * forms by which they set a password.
 */
@NullMarked
package dev.errand.identity.user;

import org.jspecify.annotations.NullMarked;
