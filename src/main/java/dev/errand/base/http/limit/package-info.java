/** Limits of HTTP requests: how large their bodies may be, and how slowly they may arrive. */
@NullMarked
package dev.errand.base.http.limit;

import org.jspecify.annotations.NullMarked;
