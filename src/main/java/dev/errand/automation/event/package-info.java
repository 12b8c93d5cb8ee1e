/**
 * What happens to tasks beside the ends of their runs, for callbacks and notices that ask to be
 * told of it.
 */
@NullMarked
package dev.errand.automation.event;

import org.jspecify.annotations.NullMarked;
