/** The runner {@code responses}: OpenAI's Responses API, and every server that implements it. */
@NullMarked
package dev.errand.models.responses;

import org.jspecify.annotations.NullMarked;
