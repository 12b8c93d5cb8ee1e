/** HTTP as the service speaks it: problem documents, limits of bodies, dates. */
@NullMarked
package dev.errand.base.http;

import org.jspecify.annotations.NullMarked;
