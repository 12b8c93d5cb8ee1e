/** Which hosts, ports and addresses may be called from here. */
@NullMarked
package dev.errand.base.egress.address;

import org.jspecify.annotations.NullMarked;
