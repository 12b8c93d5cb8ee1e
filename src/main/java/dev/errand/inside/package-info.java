/** What a run may do with the tasks of its own profile. */
@NullMarked
package dev.errand.inside;

import org.jspecify.annotations.NullMarked;
