/** What can go wrong, said once: stable codes and the problem documents they become. */
@NullMarked
package dev.errand.error;

import org.jspecify.annotations.NullMarked;
