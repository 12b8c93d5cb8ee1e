/** Issuers of tokens that the operator names: their metadata and their keys. */
@NullMarked
package dev.errand.base.issuer;

import org.jspecify.annotations.NullMarked;
