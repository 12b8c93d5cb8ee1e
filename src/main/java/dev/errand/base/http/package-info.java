/** HTTP basics: problem documents, addresses and origins, paging, dates. */
@NullMarked
package dev.errand.base.http;

import org.jspecify.annotations.NullMarked;
