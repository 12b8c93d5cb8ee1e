/** The hosts and settings that servlets declare, compared with what installations have. */
@NullMarked
package dev.errand.tools.install.need;

import org.jspecify.annotations.NullMarked;
