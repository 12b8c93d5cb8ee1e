/**
 * The documents of the service as pages, so that help is there also where no other site is reached.
 */
@NullMarked
package dev.errand.adapters.document;

import org.jspecify.annotations.NullMarked;
