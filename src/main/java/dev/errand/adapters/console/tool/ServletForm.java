package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.tool.ServletFormView.Choice;
import dev.errand.adapters.console.tool.ServletFormView.Setting;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.servlet.registry.ServletService;
import dev.errand.tools.servlet.registry.ServletSummary.Meta;
import dev.errand.tools.servlet.registry.ServletView;
import dev.errand.tools.servlet.registry.ServletView.VersionView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Fills the form of an installation of a servlet, and reads the request from it. */
@ApplicationScoped
class ServletForm {
  /** The choice to follow the newest version. */
  static final String FOLLOW = "newest";

  private static final int VERSIONS = 20;
  private static final int SHORT_ADDRESS = 12;
  private static final List<String> NONE_ADDED = List.of("", "");

  private final ServletService servlets;

  ServletForm(ServletService servlets) {
    this.servlets = servlets;
  }

  /** The form that installs a servlet. */
  ServletFormView empty(PageRequest page, String owner, String name) {
    ServletView servlet =
        servlets.get(page.caller(), owner, name, Integer.MAX_VALUE, VERSIONS).servlet();
    String home = page.home();
    return new ServletFormView(
        true,
        servlet.slug(),
        servlet.description(),
        home + "/install/" + servlet.slug(),
        home + "/tools",
        null,
        name,
        choices(servlet.versions(), null),
        FOLLOW,
        servlet.meta().requirements().domains(),
        String.join("\n", servlet.meta().requirements().domains()),
        settings(servlet.meta(), Set.of()),
        NONE_ADDED);
  }

  /** The form of an installation as it is. */
  ServletFormView of(PageRequest page, InstallationView installation) {
    Meta meta = installation.servlet().meta();
    String address = PagePaths.tool(page.home(), installation.name());
    Set<String> set = new TreeSet<>(installation.settings().config().keySet());
    set.removeIf(key -> !"set".equals(installation.settings().config().get(key)));
    return new ServletFormView(
        false,
        installation.servlet().slug(),
        meta.description(),
        address + "/edit",
        address,
        null,
        installation.name(),
        choices(versions(page, installation), installation.binding().contentAddress()),
        present(installation),
        meta.requirements().domains(),
        String.join("\n", installation.settings().permissions().network().domains()),
        settings(meta, set),
        NONE_ADDED);
  }

  /** The form as it was sent, with what is wrong with it. Values of settings are not sent back. */
  static ServletFormView refused(ServletFormView form, SentForm sent, String message) {
    return new ServletFormView(
        form.isNew(),
        form.slug(),
        form.description(),
        form.action(),
        form.back(),
        message,
        sent.text("name"),
        form.versions(),
        sent.text("version"),
        form.wanted(),
        sent.value("domains"),
        form.settings(),
        sent.numbered("key", NONE_ADDED.size()));
  }

  /** The request that installs the servlet of the form. */
  InstallationRequest installation(ServletFormView form, SentForm sent) {
    String version = sent.text("version");
    boolean follows = version.isEmpty() || version.equals(FOLLOW);
    return request(
        form.slug(), sent.text("name"), follows, follows ? null : version, form.settings(), sent);
  }

  /** The request that changes an installation as the form says. */
  InstallationRequest changes(InstallationView known, ServletFormView form, SentForm sent) {
    String version = sent.text("version");
    boolean isSame = version.isEmpty() || version.equals(present(known));
    @Nullable Boolean begins = null;
    @Nullable String pinned = null;
    if (!isSame && version.equals(FOLLOW)) {
      begins = true;
    } else if (!isSame) {
      pinned = version;
    }
    return request(null, sent.text("name"), begins, pinned, form.settings(), sent);
  }

  private static InstallationRequest request(
      @Nullable String slug,
      String name,
      @Nullable Boolean follows,
      @Nullable String address,
      List<Setting> settings,
      SentForm sent) {
    return new InstallationRequest(
        slug,
        name,
        follows,
        address,
        null,
        new InstallationRequest.Settings(
            config(settings, sent),
            null,
            new InstallationRequest.Network(sent.items("domains")),
            null,
            null),
        null);
  }

  private static Map<String, @Nullable String> config(List<Setting> settings, SentForm sent) {
    Map<String, @Nullable String> config = new LinkedHashMap<>();
    for (Setting setting : settings) {
      String value = sent.value("s." + setting.key());
      if (sent.has("r." + setting.key())) {
        config.put(setting.key(), null);
      } else if (!value.isEmpty()) {
        config.put(setting.key(), value);
      }
    }
    for (int i = 1; i <= NONE_ADDED.size(); i++) {
      String key = sent.text("key" + i);
      String value = sent.value("value" + i);
      if (!key.isEmpty() && !value.isEmpty()) {
        config.put(key, value);
      } else if (!key.isEmpty() || !value.isEmpty()) {
        throw ApiException.invalid(
            "A new setting", "must have both a key and a value: fill in both, or neither");
      }
    }
    return config;
  }

  private List<VersionView> versions(PageRequest page, InstallationView installation) {
    String[] slug = installation.servlet().slug().split("/", 2);
    try {
      return servlets
          .get(page.caller(), slug[0], slug[1], Integer.MAX_VALUE, VERSIONS)
          .servlet()
          .versions();
    } catch (ApiException e) {
      // A servlet that its owner has made private stays at the installed version.
      if (e.code() == ErrorCode.SERVLET_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  private static String present(InstallationView installation) {
    return installation.allowUpdate() ? FOLLOW : installation.binding().contentAddress();
  }

  private static List<Choice> choices(List<VersionView> versions, @Nullable String present) {
    List<Choice> choices = new ArrayList<>();
    choices.add(new Choice(FOLLOW, "Follow the newest version"));
    for (VersionView version : versions) {
      boolean isPresent = version.address().equals(present);
      if (isPresent || !version.yanked()) {
        choices.add(
            new Choice(
                version.address(),
                "Pin version %d%s"
                    .formatted(version.number(), isPresent ? ", the current one" : "")));
      }
    }
    if (present != null && choices.stream().noneMatch(choice -> choice.value().equals(present))) {
      choices.add(
          new Choice(present, "Pin " + present.substring(0, SHORT_ADDRESS) + "…, the current one"));
    }
    return choices;
  }

  private static List<Setting> settings(Meta meta, Set<String> set) {
    Set<String> wanted = new TreeSet<>(meta.requirements().config());
    Set<String> all = new TreeSet<>(wanted);
    all.addAll(set);
    return all.stream()
        .map(key -> new Setting(key, set.contains(key), wanted.contains(key)))
        .toList();
  }
}
