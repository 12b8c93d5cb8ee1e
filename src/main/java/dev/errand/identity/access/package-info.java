/** Requests that stay open: they end when their caller may no longer do what they asked for. */
@NullMarked
package dev.errand.identity.access;

import org.jspecify.annotations.NullMarked;
