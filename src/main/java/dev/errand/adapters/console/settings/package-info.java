/** The pages of a user's settings: sessions, password, tokens, and grants to clients. */
@NullMarked
package dev.errand.adapters.console.settings;

import org.jspecify.annotations.NullMarked;
