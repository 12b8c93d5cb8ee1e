/** The pages of notices: channels, rules, their deliveries, and what covers a task. */
@NullMarked
package dev.errand.adapters.console.notice;

import org.jspecify.annotations.NullMarked;
