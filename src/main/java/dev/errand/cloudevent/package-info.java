/** CloudEvents 1.0 over HTTP, as they are read and written here. */
@NullMarked
package dev.errand.cloudevent;

import org.jspecify.annotations.NullMarked;
