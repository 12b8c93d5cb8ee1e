/** The interface between servlets and their host: the Extism ABI, WASI, and the JSON of tools. */
@NullMarked
package dev.errand.tools.servlet.abi;

import org.jspecify.annotations.NullMarked;
