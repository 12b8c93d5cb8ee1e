/** The tools errand/tasks: what a run may do with the tasks of its own profile. */
@NullMarked
package dev.errand.adapters.tasktool;

import org.jspecify.annotations.NullMarked;
