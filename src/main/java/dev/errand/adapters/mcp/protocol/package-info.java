/** Requests of the Model Context Protocol, read and checked, and its errors. */
@NullMarked
package dev.errand.adapters.mcp.protocol;

import org.jspecify.annotations.NullMarked;
