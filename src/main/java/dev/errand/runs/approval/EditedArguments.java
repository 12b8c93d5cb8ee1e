package dev.errand.runs.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.models.output.SchemaCheck;
import dev.errand.runs.history.ToolDefinitions;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Checks arguments with which a person replaces those of a call, in the turns of that person. */
@ApplicationScoped
class EditedArguments {
  private final ToolDefinitions definitions;
  private final RequestPools pools;

  EditedArguments(ToolDefinitions definitions, RequestPools pools) {
    this.definitions = definitions;
    this.pools = pools;
  }

  /**
   * Checks arguments against the schema of the tool as the model was offered it.
   *
   * @throws ApiException that says what does not fit
   */
  void check(Caller caller, Profile profile, StoredApproval approval, ObjectNode arguments) {
    List<String> problems =
        definition(approval)
            .map(
                tool ->
                    pools
                        .compute()
                        .call(
                            WorkOwner.of(caller.username(), profile.id()),
                            () -> SchemaCheck.misfits(tool.inputSchema(), arguments)))
            .orElse(List.of());
    if (!problems.isEmpty()) {
      throw ApiException.invalid(
          "arguments", "do not fit the schema of the tool: " + String.join(" ", problems));
    }
  }

  /** The tool as the model was offered it; empty where that is not known. */
  Optional<ToolSpec> definition(StoredApproval approval) {
    String known = approval.definitions();
    return known == null
        ? Optional.empty()
        : definitions.find(known).stream()
            .flatMap(List::stream)
            .filter(tool -> tool.name().equals(approval.tool()))
            .findFirst();
  }
}
