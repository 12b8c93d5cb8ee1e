/** The tools errand/tasks, by which a run uses the tasks of its own profile. */
@NullMarked
package dev.errand.adapters.tasktool;

import org.jspecify.annotations.NullMarked;
