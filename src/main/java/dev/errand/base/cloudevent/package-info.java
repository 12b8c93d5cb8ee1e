/** CloudEvents 1.0 over HTTP, read and written. */
@NullMarked
package dev.errand.base.cloudevent;

import org.jspecify.annotations.NullMarked;
