/** Looks into what runs have done: the request that led to an entry. */
@NullMarked
package dev.errand.runs.run.inspect;

import org.jspecify.annotations.NullMarked;
