/** The pinned tools of remote servers: checked, read, compared, and stored by digest. */
@NullMarked
package dev.errand.tools.mcp.pin;

import org.jspecify.annotations.NullMarked;
