package dev.errand.runs.lifecycle;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntry.EndedRequest;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.history.ToolDefinitions;
import dev.errand.runs.history.Transcripts;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operation that shows the request to a model that led to an entry of a run. */
@ApplicationScoped
public class EntryRequests {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  // Which part of the memory for reading a conversation may have, as text.
  private static final int PARTS = 8;
  // The entries, the messages in them, and the request.
  private static final int TREES = 2;

  private final TaskAccess tasks;
  private final RunArchive archive;
  private final FittingItems memory;
  private final RunEntryCodec codec;
  private final Transcripts transcripts;
  private final ToolDefinitions definitions;
  private final ShownRequests requests;
  private final Json json;

  EntryRequests(
      TaskAccess tasks,
      RunArchive archive,
      FittingItems memory,
      RunEntryCodec codec,
      Transcripts transcripts,
      ToolDefinitions definitions,
      ShownRequests requests,
      Json json) {
    this.tasks = tasks;
    this.archive = archive;
    this.memory = memory;
    this.codec = codec;
    this.transcripts = transcripts;
    this.definitions = definitions;
    this.requests = requests;
    this.json = json;
  }

  /**
   * The request, rebuilt from the entries before it. After a retry it has the settings of the
   * retry.
   *
   * @param entry the number of the entry, from 0
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND},
   *     {@link ErrorCode#RUN_NOT_FOUND}, {@link ErrorCode#RUN_GONE}, or {@link ErrorCode#NOT_FOUND}
   *     where there is no such entry, or no request led to it, or {@link ErrorCode#TOO_LARGE}
   */
  public ModelRequest of(
      Caller caller, ProfileSlug profile, String task, String run, String entry) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE);
    Run found = archive.require(snapshot, run);
    int number = NUMBER.matcher(entry).matches() ? Integer.parseInt(entry) : found.entryCount();
    if (number >= found.entryCount()) {
      throw new ApiException(
          ErrorCode.NOT_FOUND, "The run " + run + " has no entry " + entry + ".");
    }
    long bytes = archive.sizeOfEntries(found.id(), number + 1);
    if (bytes > memory.most() / PARTS) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          ("The entries up to %d have %d MB, more than this process builds a request of: the run"
                  + " has them all.")
              .formatted(number, bytes >> 20));
    }
    memory.hold(caller.username(), TREES * bytes);
    List<String> entries = archive.entries(found.id(), number + 1);
    EndedRequest asked = codec.read(entries.getLast()).entry().asked();
    if (asked == null) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "The entry "
              + number
              + " is not an answer of a model, or was written before its tools were stored: choose"
              + " an entry that has ms and not is_error.");
    }
    return requests.of(
        found.taskId(),
        atTierOf(entries, json.read(archive.assignment(found.id()), AssignedTask.class)),
        transcripts.of(entries.subList(0, number)).transcript(asked.tools()).messages(),
        tools(asked.tools()));
  }

  // The request of the last entry named no tier if its tier had refused it, as an entry says.
  private AssignedTask atTierOf(List<String> entries, AssignedTask assigned) {
    for (int i = entries.size() - 2; i >= 0; i--) {
      RunEntry before = codec.read(entries.get(i)).entry();
      if (before instanceof RunEntry.Warning(String code, String _)) {
        if (code.equals(WarningCode.SERVICE_TIER_REFUSED.code())) {
          return assigned.atDefaultTier();
        }
      } else if (!(before instanceof RunEntry.FailedTry)) {
        return assigned;
      }
    }
    return assigned;
  }

  private List<ToolSpec> tools(@Nullable String address) {
    if (address == null) {
      return List.of();
    }
    return definitions
        .find(address)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND, "The tools of this request are no longer stored."));
  }
}
