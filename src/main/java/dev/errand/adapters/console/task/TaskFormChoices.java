package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.task.TaskFormView.ProviderChoice;
import dev.errand.runs.provider.ProviderService;
import dev.errand.runs.provider.ProviderView;
import dev.errand.runs.task.TaskToolNames;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the form of a task lets people choose from: providers and tools. */
@ApplicationScoped
class TaskFormChoices {
  private final ProviderService providers;
  private final TaskToolNames tools;

  TaskFormChoices(ProviderService providers, TaskToolNames tools) {
    this.providers = providers;
    this.tools = tools;
  }

  /** The tools of the profile. */
  ToolFields tools(PageRequest page, SentForm sent) {
    return ToolFields.of(sent, tools.choices(page.caller(), page.profile()));
  }

  /** No provider, the providers that a task may name, and the one that it names. */
  List<ProviderChoice> providers(PageRequest page, String chosen) {
    boolean isOwn = page.caller().username().equals(page.profile().user());
    Stream<ProviderView> all =
        Stream.concat(
            isOwn ? providers.list(page.caller(), null).stream() : Stream.empty(),
            providers.list(page.caller(), page.profile()).stream());
    List<ProviderChoice> choices = new ArrayList<>();
    choices.add(new ProviderChoice("", "none: its own key", "", chosen.isEmpty()));
    all.forEach(
        provider ->
            choices.add(
                new ProviderChoice(
                    provider.slug(),
                    provider.slug() + " (" + provider.model().any().model() + ")",
                    provider.runner(),
                    provider.slug().equals(chosen))));
    if (choices.stream().noneMatch(ProviderChoice::chosen)) {
      choices.add(new ProviderChoice(chosen, chosen, "", true));
    }
    return choices;
  }
}
