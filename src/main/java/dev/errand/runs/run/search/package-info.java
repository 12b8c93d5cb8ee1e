/** Lists the runs of a profile: by task, status, error code, cause and time. */
@NullMarked
package dev.errand.runs.run.search;

import org.jspecify.annotations.NullMarked;
