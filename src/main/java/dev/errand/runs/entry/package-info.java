/** What a run's conversation holds, its causes, and the codecs between them and JSON. */
@NullMarked
package dev.errand.runs.entry;

import org.jspecify.annotations.NullMarked;
