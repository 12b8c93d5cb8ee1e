/**
 * Users: who may use this service, in what role, and the links and forms by which they set a
 * password.
 */
@NullMarked
package dev.errand.identity.user;

import org.jspecify.annotations.NullMarked;
