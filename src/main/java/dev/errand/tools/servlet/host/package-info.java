/** The host that executes servlets, WebAssembly plug-ins, inside this process. */
@NullMarked
package dev.errand.tools.servlet.host;

import org.jspecify.annotations.NullMarked;
