/** The pages of tool calls that wait for a person: what waits, and the decision about each. */
@NullMarked
package dev.errand.adapters.console.approval;

import org.jspecify.annotations.NullMarked;
