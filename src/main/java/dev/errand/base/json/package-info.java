/** The one JSON mapper: strict in what it reads, with times as ISO 8601 in UTC. */
@NullMarked
package dev.errand.base.json;

import org.jspecify.annotations.NullMarked;
