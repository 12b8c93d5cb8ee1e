package dev.errand.tools.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Row;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.json.Json;
import dev.errand.tools.mcp.McpToolSource;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolNames;
import dev.errand.tools.port.ToolOrigin;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import dev.errand.tools.port.Toolbox;
import dev.errand.tools.servlet.module.ContentAddress;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the tools of a profile from their sources. The tools of one source in a toolbox share its
 * budgets, so a toolbox is for one run.
 */
@Singleton
public class ProfileToolbox {
  private final ToolSources sources;
  private final InstallationRows rows;
  private final InstalledTools installed;
  private final PublicUrl url;
  private final Json json;

  ProfileToolbox(
      ToolSources sources,
      InstallationRows rows,
      InstalledTools installed,
      PublicUrl url,
      Json json) {
    this.sources = sources;
    this.rows = rows;
    this.installed = installed;
    this.url = url;
    this.json = json;
  }

  /**
   * An installation, with the data that determines its tools.
   *
   * @param switches which of its tools are on
   * @param suspended whether all of them are off until a person accepts their changes
   * @param approvals which calls of them wait for a person, as JSON; null where none does
   * @param slug the servlet or server, as {@code owner/name}
   * @param url the address of a remote server; null for a servlet
   */
  public record Offered(
      UUID id,
      String name,
      String address,
      ToolSwitches switches,
      boolean suspended,
      @Nullable String approvals,
      String slug,
      @Nullable String url) {
    /** The columns that {@link #of} reads, for a query ordered by {@code installation}. */
    public static final String COLUMNS =
        """
        installation.id AS installation_id, installation.name AS installation,
        installation.address, %s, installation.suspended,
        installation.approvals, CASE WHEN installation.servlet_id IS NULL THEN '%s'
          ELSE servlet.owner || '/' || servlet.name END AS slug, mcp_server.url AS server_url
        """
            .formatted(ToolSwitches.COLUMNS, McpToolSource.SLUG);

    /** The tables of these columns. */
    public static final String TABLES =
        "installation LEFT JOIN servlet ON servlet.id = installation.servlet_id"
            + " LEFT JOIN mcp_server ON mcp_server.installation_id = installation.id";

    public static Offered of(Row row) {
      return new Offered(
          row.id("installation_id"),
          row.text("installation"),
          row.text("address"),
          ToolSwitches.of(row),
          row.flag("suspended"),
          row.textOrNull("approvals"),
          row.text("slug"),
          row.textOrNull("server_url"));
    }

    /** What {@link ToolOrigin#server} is. */
    String server() {
      return url == null ? slug : ServerPlace.of(url);
    }
  }

  /**
   * The tools of a profile as they are installed now, for a person.
   *
   * @param chosen which of them, by the names by which tasks choose them
   */
  public Toolbox of(UUID profileId, Predicate<String> chosen) {
    return gather(
        rows.offered(profileId),
        Map.of(),
        false,
        new ToolUser(profileId, null, 0),
        chosen,
        new HashSet<>());
  }

  /**
   * The tools of a profile as they are installed now.
   *
   * @param user the user who calls them, not for a run of this service
   * @param taken the names of other tools; the names of these are added
   */
  public Toolbox of(ToolUser user, Set<String> taken) {
    return gather(rows.offered(user.profileId()), Map.of(), false, user, tool -> true, taken);
  }

  /**
   * The tools of a profile as a run sees them: those that were installed at its start, in the
   * versions of that time, as far as they are still installed.
   *
   * @param offered the present installations, by name
   * @param pinned the content address of each installation at the start
   * @param user the run and its profile
   * @param chosen which of them the run gets, by the names by which tasks choose them
   */
  public Toolbox of(
      List<Offered> offered,
      Map<UUID, ContentAddress> pinned,
      ToolUser user,
      Predicate<String> chosen) {
    return gather(offered, pinned, true, user, chosen, new HashSet<>());
  }

  /**
   * The tools of an installation, also those that are switched off: the names by which models call
   * them now, each with the name that the servlet or server gives it.
   */
  public Map<String, String> names(UUID profileId, UUID installationId) {
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Offered installation : rows.offered(profileId)) {
      for (ToolSpec spec : sources.of(installation.slug()).tools(installation.address())) {
        String name = ToolNames.give(installation.name(), spec.name(), taken);
        if (installation.id().equals(installationId)) {
          names.put(name, spec.name());
        }
      }
    }
    return names;
  }

  /**
   * A tool of a profile.
   *
   * @param installation the name of its installation
   * @param name the name by which tasks choose it
   */
  public record ListedTool(String installation, String name, String description) {}

  /** The tools of a profile that are on, by installation. */
  public List<ListedTool> listed(UUID profileId) {
    List<Supplier<ListedTool>> listed = new ArrayList<>();
    GivenNames names = new GivenNames(new HashSet<>());
    for (Offered installation : rows.offered(profileId)) {
      for (ToolSpec spec : sources.of(installation.slug()).tools(installation.address())) {
        GivenNames.Given given = names.give(installation.name(), spec.name());
        if (installation.switches().isOn(spec.name())) {
          listed.add(() -> new ListedTool(installation.name(), given.choice(), spec.description()));
        }
      }
    }
    return listed.stream().map(Supplier::get).toList();
  }

  /**
   * Names that tell of no tool of a profile, be it switched off.
   *
   * @param chosen those by which no tool is chosen
   * @param ruled those for which rules hold for no tool
   * @param instead by which names tools are chosen that share one of those
   */
  public record Unknown(List<String> chosen, List<String> ruled, List<String> instead) {}

  /**
   * Those of some names that tell of no tool of a profile. Of an installation that has listed no
   * tools yet, any may.
   */
  public Unknown unknown(UUID profileId, Collection<String> chosen, Collection<String> ruled) {
    Set<String> unchosen = new LinkedHashSet<>(chosen);
    Set<String> unruled = new LinkedHashSet<>(ruled);
    GivenNames names = new GivenNames(new HashSet<>());
    List<GivenNames.Given> tools = new ArrayList<>();
    for (Offered installation : rows.offered(profileId)) {
      List<ToolSpec> specs = sources.of(installation.slug()).tools(installation.address());
      specs.forEach(spec -> tools.add(names.give(installation.name(), spec.name())));
      if (specs.isEmpty()) {
        unchosen.removeIf(name -> name.startsWith(installation.name() + "_"));
        unruled.removeIf(name -> name.startsWith(installation.name() + "_"));
      }
    }
    for (GivenNames.Given tool : tools) {
      unchosen.remove(tool.choice());
      unruled.remove(tool.name());
      tool.shared().forEach(unruled::remove);
    }
    List<String> instead =
        tools.stream()
            .filter(tool -> tool.shared().stream().anyMatch(unchosen::contains))
            .map(GivenNames.Given::choice)
            .toList();
    return new Unknown(List.copyOf(unchosen), List.copyOf(unruled), instead);
  }

  private Toolbox gather(
      List<Offered> installations,
      Map<UUID, ContentAddress> pinned,
      boolean onlyPinned,
      ToolUser user,
      Predicate<String> chosen,
      Set<String> names) {
    IdentityHashMap<ToolSource, ToolSource.Session> sessions = new IdentityHashMap<>();
    List<Tool> tools = new ArrayList<>();
    List<Tool> others = new ArrayList<>();
    List<Used> used = new ArrayList<>();
    List<Named> named = new ArrayList<>();
    GivenNames given = new GivenNames(names);
    for (Offered installation : installations) {
      ContentAddress address = pinned.get(installation.id());
      if (address == null) {
        if (onlyPinned) {
          continue;
        }
        address = new ContentAddress(installation.address());
      }
      // A tool that is switched off keeps its name, so that no other name changes.
      List<NamedTool> specs = new ArrayList<>();
      for (ToolSpec spec : sources.of(installation.slug()).tools(address.hex())) {
        specs.add(new NamedTool(spec, given.give(installation.name(), spec.name())));
      }
      named.add(new Named(installation, address, specs));
    }
    for (Named each : named) {
      Offered installation = each.installation();
      ToolSource source = sources.of(installation.slug());
      ToolSource.Session session = sessions.computeIfAbsent(source, known -> known.open(user));
      ApprovalRules approvals = ApprovalRules.stored(json, installation.approvals());
      String server = installation.server();
      int before = tools.size();
      for (NamedTool tool : each.tools()) {
        ToolSpec spec = tool.spec();
        if (!installation.suspended() && installation.switches().isOn(spec.name())) {
          (chosen.test(tool.names().choice()) ? tools : others)
              .add(
                  new InstalledTool(
                      new ToolOrigin(installation.id(), spec.name(), server),
                      each.address(),
                      session,
                      approvals,
                      tool.names().shared(),
                      spec.named(tool.names().name())));
        }
      }
      if (tools.size() > before) {
        used.add(new Used(installation.id(), installation.name(), session));
      }
    }
    return new Gathered(List.copyOf(tools), List.copyOf(others), List.copyOf(used));
  }

  /** An installation whose tools have names. */
  private record Named(Offered installation, ContentAddress address, List<NamedTool> tools) {}

  private record NamedTool(ToolSpec spec, GivenNames.Given names) {}

  /** An installation with tools. */
  private record Used(UUID id, String name, ToolSource.Session session) {}

  /** The tools of a profile. */
  private final class Gathered implements Toolbox {
    private final List<Tool> tools;
    private final List<Tool> others;
    private final List<Used> used;

    Gathered(List<Tool> tools, List<Tool> others, List<Used> used) {
      this.tools = tools;
      this.others = others;
      this.used = used;
    }

    @Override
    public List<Tool> tools() {
      return tools;
    }

    /** Also one that was chosen by the name which its installation had before. */
    @Override
    public Optional<Tool> find(ToolOrigin origin) {
      return Stream.concat(tools.stream(), others.stream())
          .filter(tool -> tool.origin().filter(origin::isSameTool).isPresent())
          .findFirst();
    }

    @Override
    public Optional<String> prepare() throws InterruptedException {
      List<String> lacking = new ArrayList<>();
      for (Used installation : used) {
        Optional<ToolSource.Lack> why = installation.session.prepare(installation.id);
        if (why.isPresent()) {
          lacking.add(
              "The sign-in at %s can't be used: %s%s"
                  .formatted(
                      installation.name,
                      why.get().sentence(),
                      why.get().needsConnection()
                          ? " The link at which a person connects it: " + link(installation.id)
                          : ""));
        }
      }
      return lacking.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lacking));
    }
  }

  private String link(UUID installationId) {
    String path = rows.connectPath(installationId);
    return url.configured().map(base -> base.toString().replaceFirst("/$", "")).orElse("") + path;
  }

  /** A tool of an installation. */
  private final class InstalledTool implements Tool {
    private final ToolOrigin origin;
    private final ContentAddress address;
    private final ToolSource.Session session;
    private final ApprovalRules approvals;
    private final Set<String> shared;
    private final ToolSpec spec;

    InstalledTool(
        ToolOrigin origin,
        ContentAddress address,
        ToolSource.Session session,
        ApprovalRules approvals,
        Set<String> shared,
        ToolSpec spec) {
      this.origin = origin;
      this.address = address;
      this.session = session;
      this.approvals = approvals;
      this.shared = shared;
      this.spec = spec;
    }

    @Override
    public ToolSpec spec() {
      return spec;
    }

    @Override
    public ToolResult call(ToolCall call) throws InterruptedException {
      return installed.call(Audience.MODEL, session, origin, address, spec.name(), call);
    }

    @Override
    public Optional<String> approvalRule(ObjectNode arguments) {
      return approvals.why(origin.tool(), arguments).map(rule -> "The installation: " + rule);
    }

    @Override
    public Set<String> sharedNames() {
      return shared;
    }

    @Override
    public Optional<ToolOrigin> origin() {
      return Optional.of(origin);
    }
  }
}
