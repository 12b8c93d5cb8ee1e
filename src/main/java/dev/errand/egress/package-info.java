/**
 * The one guarded door through which anything but the operator's own choice reaches the network.
 */
@NullMarked
package dev.errand.egress;

import org.jspecify.annotations.NullMarked;
