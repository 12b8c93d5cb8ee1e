/** Converters of settings, which also check their bounds. */
@NullMarked
package dev.errand.base.config;

import org.jspecify.annotations.NullMarked;
