/** The conversation of a run with a model, independent of any vendor. */
@NullMarked
package dev.errand.models.message;

import org.jspecify.annotations.NullMarked;
