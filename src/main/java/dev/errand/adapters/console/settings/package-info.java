/** The pages of what a user has: sessions, password, tokens, and what clients were granted. */
@NullMarked
package dev.errand.adapters.console.settings;

import org.jspecify.annotations.NullMarked;
