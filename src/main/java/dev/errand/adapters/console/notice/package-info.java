/**
 * The pages of notices: channels, rules, their deliveries, what covers a task, and those on which
 * recipients of e-mail answer.
 */
@NullMarked
package dev.errand.adapters.console.notice;

import org.jspecify.annotations.NullMarked;
