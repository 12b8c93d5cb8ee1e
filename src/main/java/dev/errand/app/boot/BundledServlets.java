package dev.errand.app.boot;

import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileStore;
import dev.errand.identity.user.UserCreated;
import dev.errand.tools.install.Installer;
import dev.errand.tools.install.ToolSources;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.Publication;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.servlet.registry.Servlet;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Registers the servlets that come with the service, and installs them in the default profile. */
@ApplicationScoped
class BundledServlets {
  private static final List<Bundled> ALL =
      List.of(
          new Bundled(
              "fetch",
              "Fetches a web page or other text over HTTP and returns it as Markdown.",
              List.of("*"),
              true),
          new Bundled(
              "calc",
              "Calculates arithmetic expressions exactly, with decimal numbers of any size.",
              List.of(),
              true),
          new Bundled(
              "time",
              "Tells the time, converts it between time zones, and adds and compares times.",
              List.of(),
              true),
          new Bundled(
              "json",
              "Finds values in JSON by JSONPath, and reshapes JSON by templates.",
              List.of(),
              true),
          // With it a model can start runs by itself, so a person must install it.
          new Bundled(
              "tasks",
              "Lists, creates, runs, waits for and schedules the tasks of its own profile.",
              List.of(),
              false));

  private final Registry registry;
  private final Installer installer;
  private final ToolSources sources;
  private final ProfileStore profiles;

  BundledServlets(
      Registry registry, Installer installer, ToolSources sources, ProfileStore profiles) {
    this.registry = registry;
    this.installer = installer;
    this.sources = sources;
    this.profiles = profiles;
  }

  /**
   * A servlet that comes with the service.
   *
   * @param name its name, and that of its bytes
   * @param domains the hosts that its installation may call
   * @param installed whether it is installed in new default profiles
   */
  private record Bundled(
      String name, String description, List<String> domains, boolean installed) {}

  // One transaction, so that no servlet is published without its installation.
  @Transactional
  void register(UUID profileId) throws InterruptedException {
    for (Bundled bundled : ALL) {
      Publication publication = publication(bundled);
      if (registry.isPublished(publication)) {
        continue;
      }
      try {
        Registry.Published published = publish(publication);
        // Only the first time: a servlet that was uninstalled stays uninstalled.
        if (published.created() && bundled.installed()) {
          Profile profile = profiles.require(profileId);
          installer.installBundled(profile, published.servlet(), bundled.name(), bundled.domains());
        }
      } catch (InvalidServletException e) {
        throw new IllegalStateException("The bundled servlet " + bundled.name() + " is bad", e);
      }
    }
  }

  // A new user gets the same tools that the admin got at the first start.
  void installFor(@Observes UserCreated user) {
    Profile profile = profiles.require(user.profileId());
    for (Bundled bundled : ALL) {
      if (bundled.installed()) {
        Servlet.of(Servlet.BUNDLED, bundled.name())
            .ifPresent(
                servlet ->
                    installer.installBundled(profile, servlet, bundled.name(), bundled.domains()));
      }
    }
  }

  private static Publication publication(Bundled bundled) {
    return new Publication(
        Servlet.BUNDLED,
        bundled.name(),
        bundled.description(),
        Servlet.PUBLIC,
        bundled.domains(),
        List.of(),
        bytes(bundled));
  }

  private Registry.Published publish(Publication publication)
      throws InvalidServletException, InterruptedException {
    Optional<ToolSource> source = sources.other(Servlet.BUNDLED + "/" + publication.name());
    return source.isPresent()
        ? registry.publish(
            publication,
            source.get().tools(ContentAddress.of(publication.wasm()).hex()),
            Function.identity())
        : registry.publish(publication, Function.identity());
  }

  private static byte[] bytes(Bundled bundled) {
    String resource = "/servlets/" + bundled.name() + ".wasm";
    try (InputStream in = BundledServlets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from this build");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
