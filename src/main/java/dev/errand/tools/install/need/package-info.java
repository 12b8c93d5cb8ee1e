/** What servlets say that they need, and what of it installations lack. */
@NullMarked
package dev.errand.tools.install.need;

import org.jspecify.annotations.NullMarked;
