/**
 * Tool calls that wait for a person. A worker asks ({@code Approvals} in {@code models.port} is its
 * view of this package), and returns the run to the queue, where it waits without a place or a
 * slot. A decision wakes the run; the worker that claims it next takes the decision up.
 *
 * <p>{@code ApprovalPreviewService} says which calls of the past would have waited by some rules.
 */
@NullMarked
package dev.errand.runs.approval;

import org.jspecify.annotations.NullMarked;
