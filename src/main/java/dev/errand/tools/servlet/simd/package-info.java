/**
 * Replaces the SIMD instructions of a module, which neither the compiler nor the interpreter has.
 *
 * <p>{@link dev.errand.tools.servlet.simd.SimdLowering} writes the sections anew: {@code
 * VectorTypes} the types and what is added to the functions, {@code VectorGlobals} the global
 * variables, and {@code VectorCode} the code of each function, by {@code VectorInstructions} and
 * the functions of {@code LaneFunctions}.
 */
@NullMarked
package dev.errand.tools.servlet.simd;

import org.jspecify.annotations.NullMarked;
