/** Providers: named, stored endpoints of models with their keys, which tasks share. */
@NullMarked
package dev.errand.runs.provider;

import org.jspecify.annotations.NullMarked;
