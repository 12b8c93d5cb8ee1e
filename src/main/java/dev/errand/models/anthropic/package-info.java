/** The runner {@code anthropic}: Anthropic's Messages API, and every server that implements it. */
@NullMarked
package dev.errand.models.anthropic;

import org.jspecify.annotations.NullMarked;
