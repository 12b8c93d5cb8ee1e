/**
 * Does in a JVM what a native build and the start of its executable do, and notes what would differ
 * there. All of it but {@link dev.errand.nativeimage.SimulatedImage} and {@link
 * dev.errand.nativeimage.NativeSources} runs inside the simulated process.
 */
@NullMarked
package dev.errand.nativeimage;

import org.jspecify.annotations.NullMarked;
