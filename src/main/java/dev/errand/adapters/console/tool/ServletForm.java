package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.tools.install.ApprovalProposal;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.servlet.registry.ServletSummary.Meta;
import dev.errand.tools.servlet.registry.ServletView;
import dev.errand.tools.servlet.registry.ServletView.VersionView;
import io.quarkus.qute.TemplateInstance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The form that installs a servlet or changes an installation of one.
 *
 * @param versions the newest versions of the servlet
 * @param tools the names of its tools; empty for an installation as it is, whose approvals have a
 *     page of their own
 * @param installed the installation as it is; null for one to be made
 * @param fields its fields, of which the values of settings are not shown
 * @param message why it was refused; null where it was not
 */
public record ServletForm(
    String slug,
    Meta meta,
    List<VersionView> versions,
    List<String> tools,
    @Nullable InstallationView installed,
    SentForm fields,
    @Nullable String message)
    implements InstallationForm {
  private static final String FOLLOW = "newest";
  private static final int SHORT_ADDRESS = 12;

  /** The form that installs a servlet. */
  static ServletForm empty(ServletView servlet, Json json) {
    List<String> tools =
        json.tree(servlet.meta().schema().tools())
            .valueStream()
            .map(tool -> tool.path("name").asText())
            .toList();
    List<String> hosts = servlet.meta().requirements().domains();
    Map<String, String> fields =
        new HashMap<>(ApprovalField.values(tools, ApprovalProposal.ofServlet(hosts)));
    fields.putAll(fields(servlet.slug().substring(servlet.slug().indexOf('/') + 1), FOLLOW, hosts));
    return new ServletForm(
        servlet.slug(), servlet.meta(), servlet.versions(), tools, null, SentForm.of(fields), null);
  }

  /** The form of an installation as it is. */
  static ServletForm of(InstallationView installed, List<VersionView> versions) {
    return new ServletForm(
        installed.servlet().slug(),
        installed.servlet().meta(),
        versions,
        List.of(),
        installed,
        SentForm.of(
            fields(
                installed.name(),
                installed.allowUpdate() ? FOLLOW : installed.binding().contentAddress(),
                installed.settings().permissions().network().domains())),
        null);
  }

  private static Map<String, String> fields(String name, String version, List<String> hosts) {
    return Map.of("name", name, "version", version, "domains", String.join("\n", hosts));
  }

  @Override
  public ServletForm refused(SentForm sent, ApiException refusal) {
    return new ServletForm(
        slug,
        meta,
        versions,
        tools,
        installed,
        sent,
        Refusal.withSecrets(ApprovalField.refusal(refusal), sent));
  }

  @Override
  public TemplateInstance template() {
    return ToolTemplates.servletForm(this);
  }

  @Override
  public InstallationRequest request(SentForm sent) {
    String version = sent.text("version");
    if (installed == null) {
      boolean follows = version.isEmpty() || version.equals(FOLLOW);
      return request(slug, follows, follows ? null : version, sent);
    }
    if (version.isEmpty() || version.equals(fields.text("version"))) {
      return request(null, null, null, sent);
    }
    return version.equals(FOLLOW)
        ? request(null, true, null, sent)
        : request(null, null, version, sent);
  }

  private InstallationRequest request(
      @Nullable String servlet,
      @Nullable Boolean follows,
      @Nullable String address,
      SentForm sent) {
    List<String> keys = settings().stream().map(Setting::key).toList();
    return new InstallationRequest(
        servlet,
        sent.text("name"),
        follows,
        address,
        null,
        null,
        installed == null ? ApprovalField.rules(tools, sent) : null,
        new InstallationRequest.Settings(
            sent.changes("s.", keys, "key", "A new setting", sent::value),
            null,
            new InstallationRequest.Network(sent.items("domains")),
            null,
            null),
        null);
  }

  /** The versions to choose from. */
  public List<Choice> choices() {
    String present = installed == null ? null : installed.binding().contentAddress();
    List<Choice> choices = new ArrayList<>();
    choices.add(choice(FOLLOW, "Follow the newest version"));
    for (VersionView version : versions) {
      boolean isPresent = version.address().equals(present);
      if (isPresent || !version.yanked()) {
        String text = "Pin version " + version.number() + (isPresent ? ", the current one" : "");
        choices.add(choice(version.address(), text));
      }
    }
    if (present != null && choices.stream().noneMatch(choice -> choice.value().equals(present))) {
      String text = "Pin " + present.substring(0, SHORT_ADDRESS) + "…, the current one";
      choices.add(choice(present, text));
    }
    return choices;
  }

  private Choice choice(String version, String text) {
    return new Choice(version, text, version.equals(fields.text("version")));
  }

  /** The fields for the approvals of a new installation. */
  public List<ApprovalField> approvals() {
    return ApprovalField.of(tools, Map.of(), fields);
  }

  /** The settings that the servlet declares, and those that have a value. */
  public List<Setting> settings() {
    Set<String> declared = new TreeSet<>(meta.requirements().config());
    Set<String> all = new TreeSet<>(declared);
    if (installed != null) {
      installed.settings().config().keySet().stream().filter(this::isSet).forEach(all::add);
    }
    return all.stream().map(key -> new Setting(key, isSet(key), declared.contains(key))).toList();
  }

  private boolean isSet(String key) {
    return installed != null && MissingNeeds.isSet(installed, key);
  }

  /**
   * A setting.
   *
   * @param isSet whether it has a value, which is never shown
   * @param isDeclared whether the servlet declares that it reads it
   */
  public record Setting(String key, boolean isSet, boolean isDeclared) {}
}
