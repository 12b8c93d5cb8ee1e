package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleRegistry.Registered;
import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.function.UnaryOperator;

/** Applies JSON Merge Patches to schedules, while it holds the lock of their task. */
@ApplicationScoped
class SchedulePatches {
  private final ScheduleRows rows;
  private final ScheduleStore store;
  private final ScheduleRegistry registry;
  private final Json json;

  SchedulePatches(ScheduleRows rows, ScheduleStore store, ScheduleRegistry registry, Json json) {
    this.rows = rows;
    this.store = store;
    this.registry = registry;
    this.json = json;
  }

  /**
   * Changes the fields of a schedule that a patch names. No other change comes between reading and
   * storing the schedule. A paused schedule resumes if the patch changes a time rule, or names
   * {@code enabled} with true.
   *
   * @param patch a JSON Merge Patch to the schedule as GET shows it
   * @throws dev.errand.base.error.ApiException {@link
   *     dev.errand.base.error.ErrorCode#SCHEDULE_NOT_FOUND}, or when the result is not valid;
   *     nothing is changed then
   */
  @Transactional
  Registered apply(TaskSnapshot task, String name, ObjectNode patch) {
    // If the task was deleted meanwhile, its schedules were deleted with it.
    var _ = rows.takeTurn(task.id());
    ScheduleView shown = ScheduleView.of(store.require(task, name), UnaryOperator.identity());
    // A merge drops fields that the patch sets to null, even unknown ones.
    var _ = json.request(patch, ScheduleRequest.class);
    ObjectNode patched = MergePatch.apply((ObjectNode) json.tree(json.write(shown)), patch);
    boolean enables = patch.path("enabled").asBoolean();
    return registry.register(
        task,
        name,
        json.request(patched, ScheduleRequest.class),
        0,
        (is, was) -> enables || !is.hasRuleOf(was));
  }
}
