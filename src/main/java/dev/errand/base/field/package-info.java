/**
 * How a record declares its fields once: their words, their bounds and who sets them; and what
 * follows from it.
 *
 * <p>Why not Bean Validation with a scan of the records: its sentences depend on a locale and know
 * one field at a time, while ours say what to do; it tells an absent field from null as little as
 * it knows labels of forms or the fields that only the server sets, so that each record would have
 * a second declaration beside it.
 */
@NullMarked
package dev.errand.base.field;

import org.jspecify.annotations.NullMarked;
