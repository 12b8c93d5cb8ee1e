/** The runner for OpenAI's chat completions and every server that speaks them. */
@NullMarked
package dev.errand.runner.openai;

import org.jspecify.annotations.NullMarked;
