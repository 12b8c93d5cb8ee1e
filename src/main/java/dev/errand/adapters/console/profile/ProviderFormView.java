package dev.errand.adapters.console.profile;

import dev.errand.models.wire.ModelCatalog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of a provider.
 *
 * @param isNew whether there is no such provider yet
 * @param action where the form is sent to
 * @param address the address of the provider's pages
 * @param owner its owner, for people
 * @param message why it was refused; null where it was not
 * @param keyHint the end of its key; empty where it has none
 * @param tasks the tasks that use it, the first ones
 * @param taskCount how many tasks use it
 * @param listing the result of listing its models; null where they were not listed
 */
public record ProviderFormView(
    boolean isNew,
    String action,
    String address,
    String owner,
    @Nullable String message,
    String name,
    String model,
    String baseUrl,
    String keyHint,
    List<String> tasks,
    long taskCount,
    ModelCatalog.@Nullable Listing listing) {

  /** The form with the models that the server lists. */
  ProviderFormView with(ModelCatalog.Listing asked) {
    return new ProviderFormView(
        isNew, action, address, owner, message, name, model, baseUrl, keyHint, tasks, taskCount,
        asked);
  }

  /** The form with the values that were sent, and why they were refused. */
  ProviderFormView refused(ProviderFields sent, String why) {
    return new ProviderFormView(
        isNew,
        action,
        address,
        owner,
        why,
        isNew ? sent.name() : name,
        sent.model(),
        sent.baseUrl(),
        keyHint,
        tasks,
        taskCount,
        null);
  }
}
