/**
 * Modules of servlets: read, checked, parsed, compiled, kept, and their bounded memory and
 * interpreter.
 */
@NullMarked
package dev.errand.tools.servlet.module;

import org.jspecify.annotations.NullMarked;
