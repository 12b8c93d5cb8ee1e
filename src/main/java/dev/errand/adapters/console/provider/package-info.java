/** The pages of providers: stored servers of models with their keys. */
@NullMarked
package dev.errand.adapters.console.provider;

import org.jspecify.annotations.NullMarked;
