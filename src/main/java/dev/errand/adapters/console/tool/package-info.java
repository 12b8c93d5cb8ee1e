/**
 * The pages of tools: what is installed in a profile, forms to install and to call, and the
 * registry.
 */
@NullMarked
package dev.errand.adapters.console.tool;

import org.jspecify.annotations.NullMarked;
