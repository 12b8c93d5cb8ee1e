/** HTTP basics: problem documents, limits of requests, paging, dates. */
@NullMarked
package dev.errand.base.http;

import org.jspecify.annotations.NullMarked;
