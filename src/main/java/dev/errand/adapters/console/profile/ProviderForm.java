package dev.errand.adapters.console.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.FormField;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RunnerFields;
import dev.errand.adapters.console.page.RunnerForms;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.Json;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.wire.ModelCatalog;
import dev.errand.runs.provider.ProviderRate;
import dev.errand.runs.provider.ProviderRequest;
import dev.errand.runs.provider.ProviderView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of a provider.
 *
 * @param address where it is sent to; the other forms of the provider are below
 * @param owner its owner, for people
 * @param provider the provider as it is; null for a new one
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param runners the runners to choose from, with their own settings
 * @param message why it was refused; null where it was not
 * @param listing the result of listing its models; null where they were not listed
 */
public record ProviderForm(
    String address,
    String owner,
    @Nullable ProviderView provider,
    SentForm sent,
    List<RunnerFields> runners,
    @Nullable String message,
    ModelCatalog.@Nullable Listing listing) {
  private static final String MODEL = "model";
  private static final String BASE_URL = "base_url";
  private static final String RATE = "rate";
  private static final List<String> RATES =
      List.of("requests_per_minute", "tokens_per_minute", "concurrency");

  /** The form of a new provider. */
  static ProviderForm empty(PageRequest page, ProviderHolder holder, RunnerForms forms) {
    return sent(page, holder, null, SentForm.of(Map.of(RunnerForms.RUNNER, forms.first())), forms);
  }

  /** The form of a provider as it is. */
  static ProviderForm of(
      PageRequest page, ProviderHolder holder, ProviderView provider, RunnerForms forms) {
    ModelSettings model = provider.model().any();
    Map<String, @Nullable String> fields = new HashMap<>();
    fields.put(MODEL, model.model());
    fields.put(BASE_URL, forms.server(model));
    forms.fill(fields, model);
    ProviderRate rate = provider.rate();
    if (rate != null) {
      for (String name : RATES) {
        Object value = DeclaredFields.value(rate, name);
        fields.put(RATE + "." + name, value == null ? "" : value.toString());
      }
    }
    return sent(page, holder, provider, SentForm.of(fields), forms);
  }

  /**
   * The form as it was sent.
   *
   * @param provider the provider as it is; null for a new one
   */
  static ProviderForm sent(
      PageRequest page,
      ProviderHolder holder,
      @Nullable ProviderView provider,
      SentForm sent,
      RunnerForms forms) {
    String address =
        provider == null ? holder.address(page) : holder.address(page, provider.name());
    String runner = provider == null ? null : provider.runner();
    SentForm whole =
        runner == null || sent.has(RunnerForms.RUNNER)
            ? sent
            : sent.with(RunnerForms.RUNNER, runner);
    return new ProviderForm(
        address, holder.text(page), provider, whole, forms.of(whole, runner), null, null);
  }

  /** The form with the models that the server lists. */
  ProviderForm with(ModelCatalog.Listing models) {
    return new ProviderForm(address, owner, provider, sent, runners, message, models);
  }

  /** The form with what is wrong with it. */
  ProviderForm refused(String why) {
    return new ProviderForm(address, owner, provider, sent, runners, why, null);
  }

  /** Whether it stores a new provider. */
  public boolean isNew() {
    return provider == null;
  }

  /** The name of the provider; for a new one, as far as it has been entered. */
  public String name() {
    return provider == null ? sent.line("name") : provider.name();
  }

  /** The end of the provider's key; null where it has none. */
  public @Nullable String keyHint() {
    return provider == null ? null : provider.settings().keyHint();
  }

  /** How often the server may be asked. */
  public List<FormField> rate() {
    DeclaredFields declared = DeclaredFields.of(ProviderRate.class);
    return RATES.stream()
        .map(
            name ->
                new FormField(
                    RATE + "." + name,
                    declared.find(name).orElseThrow(),
                    sent.line(RATE + "." + name),
                    List.of()))
        .toList();
  }

  /** The request of the form; what of the provider has no field stays as it is. */
  ProviderRequest request(RunnerForms forms, Json json) {
    ModelSettings before = provider == null ? null : provider.model().any();
    String runner = sent.line(RunnerForms.RUNNER);
    ObjectNode request = provider == null ? json.object() : (ObjectNode) json.toTree(provider);
    if (before != null) {
      request.remove(before.runner());
    }
    request.put("runner", runner);
    if (forms.isKnown(runner, before == null ? null : before.runner())) {
      ObjectNode settings = forms.settings(sent, before);
      put(settings, MODEL, sent.line(MODEL));
      String server = sent.line(BASE_URL);
      if (server.isEmpty()
          && before != null
          && before.runner().equals(runner)
          && forms.server(before) == null) {
        server = before.baseUrl();
      }
      put(settings, BASE_URL, server);
      request.set(runner, settings);
    }
    ObjectNode rate = json.object();
    for (String name : RATES) {
      put(rate, name, sent.line(RATE + "." + name));
    }
    if (rate.isEmpty()) {
      request.remove(RATE);
    } else {
      request.set(RATE, numbers(rate));
    }
    if (!sent.line("key").isEmpty()) {
      request.withObject("/settings").put("key", sent.line("key"));
    }
    return json.request(request, ProviderRequest.class);
  }

  // What is no number is refused with the rest.
  private static ObjectNode numbers(ObjectNode texts) {
    for (String name : RATES) {
      String text = texts.path(name).asText();
      if (text.matches("-?\\d{1,18}")) {
        texts.put(name, Long.parseLong(text));
      }
    }
    return texts;
  }

  private static void put(ObjectNode settings, String field, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      settings.put(field, text);
    }
  }
}
