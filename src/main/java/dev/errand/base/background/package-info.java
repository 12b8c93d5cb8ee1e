/** Work in the background: threads of its own, periodic jobs, pools that work a queue. */
@NullMarked
package dev.errand.base.background;

import org.jspecify.annotations.NullMarked;
