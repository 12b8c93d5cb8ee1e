/** Constraints and converters of settings. */
@NullMarked
package dev.errand.base.config;

import org.jspecify.annotations.NullMarked;
