/** OpenAI's chat completions, and every server that speaks them. */
@NullMarked
package dev.errand.models.openai;

import org.jspecify.annotations.NullMarked;
