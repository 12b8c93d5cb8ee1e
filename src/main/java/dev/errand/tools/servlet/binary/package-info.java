/** The bytes of modules: how they are read, cut down, and what their functions are called. */
@NullMarked
package dev.errand.tools.servlet.binary;

import org.jspecify.annotations.NullMarked;
