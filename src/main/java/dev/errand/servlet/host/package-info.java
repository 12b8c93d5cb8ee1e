/** Runs servlets, which are WebAssembly plug-ins, inside this process and under limits. */
@NullMarked
package dev.errand.servlet.host;

import org.jspecify.annotations.NullMarked;
