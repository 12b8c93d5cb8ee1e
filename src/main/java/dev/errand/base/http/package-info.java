/**
 * HTTP basics: problem documents, addresses and origins, paging, dates, CloudEvents, keys of
 * issuers.
 */
@NullMarked
package dev.errand.base.http;

import org.jspecify.annotations.NullMarked;
