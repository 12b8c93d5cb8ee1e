/** The tools of remote servers as they are pinned: checked, read, compared, and kept by digest. */
@NullMarked
package dev.errand.tools.mcp.pin;

import org.jspecify.annotations.NullMarked;
