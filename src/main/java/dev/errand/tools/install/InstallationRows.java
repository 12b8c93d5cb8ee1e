package dev.errand.tools.install;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.tools.install.need.Needs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queries of installations for runs, each in one round trip. */
@ApplicationScoped
class InstallationRows {
  private static final String OFFERED =
      """
      SELECT installation.id, installation.name, address, disabled_tools,
        owner || '/' || servlet.name AS slug
      FROM installation JOIN servlet ON servlet.id = servlet_id
      WHERE profile_id = :profile_id ORDER BY installation.name
      """;

  private static final String PERMITTED =
      """
      SELECT domains, config_sealed, config_keys, disabled_tools, profile.name AS profile,
        installation.name AS installation, required_domains, required_config,
        visibility = 'public' OR owner = username AS visible
      FROM installation
        JOIN servlet ON servlet.id = servlet_id
        JOIN profile ON profile.id = profile_id
        JOIN account ON account.id = account_id
      WHERE installation.id = :id
      """;

  private final Sql sql;

  InstallationRows(Sql sql) {
    this.sql = sql;
  }

  /**
   * Which tools an installation offers.
   *
   * @param id the installation
   * @param name its name
   * @param address the content address of the version that is installed
   * @param disabledTools the tools that are switched off, by the names that the servlet gives them
   * @param slug what is installed, as {@code owner/name}
   */
  record Offered(UUID id, String name, String address, List<String> disabledTools, String slug) {}

  /**
   * What an installation may do.
   *
   * @param domains the hosts that it may call
   * @param configSealed its settings, sealed; null where it has none
   * @param disabledTools the tools that are switched off, by the names that the servlet gives them
   * @param needs what the servlet needs, as far as the profile's owner may know
   */
  record Permitted(
      List<String> domains,
      byte @Nullable [] configSealed,
      List<String> disabledTools,
      Needs needs) {}

  /** What the installations of a profile offer, by name. */
  List<Offered> offered(UUID profileId) {
    return sql.statement(OFFERED)
        .with("profile_id", profileId)
        .list(
            row ->
                new Offered(
                    row.id("id"),
                    row.text("name"),
                    row.text("address"),
                    row.texts("disabled_tools"),
                    row.text("slug")));
  }

  /** What an installation may do now; empty when it is not there any more. */
  Optional<Permitted> permitted(UUID installationId) {
    return sql.statement(PERMITTED)
        .with("id", installationId)
        .first(
            row ->
                new Permitted(
                    row.texts("domains"),
                    row.bytesOrNull("config_sealed"),
                    row.texts("disabled_tools"),
                    needs(row)));
  }

  private static Needs needs(Row row) {
    boolean visible = row.flag("visible");
    return new Needs(
        row.text("profile"),
        row.text("installation"),
        visible ? row.texts("required_domains") : List.of(),
        visible ? row.texts("required_config") : List.of(),
        row.texts("domains"),
        row.texts("config_keys"));
  }
}
