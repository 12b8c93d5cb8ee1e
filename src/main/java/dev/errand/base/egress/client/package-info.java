/** The guarded HTTP client, for requests whose target a user chose. */
@NullMarked
package dev.errand.base.egress.client;

import org.jspecify.annotations.NullMarked;
