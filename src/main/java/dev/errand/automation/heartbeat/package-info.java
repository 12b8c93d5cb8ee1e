/** The heartbeat: tells a monitor outside that this service still works. */
@NullMarked
package dev.errand.automation.heartbeat;

import org.jspecify.annotations.NullMarked;
