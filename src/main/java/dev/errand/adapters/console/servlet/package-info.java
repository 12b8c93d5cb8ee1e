/** The pages of the registry: search, versions, publishing. */
@NullMarked
package dev.errand.adapters.console.servlet;

import org.jspecify.annotations.NullMarked;
