/**
 * The runner {@code openai}: OpenAI's chat completions API, and every server that implements it.
 */
@NullMarked
package dev.errand.models.openai;

import org.jspecify.annotations.NullMarked;
