/** Calls of installed tools without a model. */
@NullMarked
package dev.errand.tools.install.trial;

import org.jspecify.annotations.NullMarked;
