/** Runs servlets, which are WebAssembly plug-ins, inside this process. */
@NullMarked
package dev.errand.tools.servlet.host;

import org.jspecify.annotations.NullMarked;
