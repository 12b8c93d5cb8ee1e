/** The errors that callers see: stable codes and the exception that carries them. */
@NullMarked
package dev.errand.base.error;

import org.jspecify.annotations.NullMarked;
