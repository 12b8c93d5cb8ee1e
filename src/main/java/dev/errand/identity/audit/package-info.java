/** The audit: who changed what, when and from where, or had a stored secret shown. */
@NullMarked
package dev.errand.identity.audit;

import org.jspecify.annotations.NullMarked;
