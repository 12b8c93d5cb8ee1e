/** The comparison of runs with the same jobs on queues and workflow engines of others. */
@NullMarked
package dev.errand.runs.worker.comparison;

import org.jspecify.annotations.NullMarked;
