/** What a servlet and its host say to each other: the Extism ABI, WASI, and the JSON of tools. */
@NullMarked
package dev.errand.tools.servlet.abi;

import org.jspecify.annotations.NullMarked;
