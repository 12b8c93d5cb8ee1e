package dev.errand.tools.install;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What each run asks of installations, each question in one round trip. */
@ApplicationScoped
class InstallationRows {
  private static final String OFFERED =
      """
      SELECT id, name, address, disabled_tools FROM installation WHERE profile_id = ? ORDER BY name
      """;

  private static final String PERMITTED =
      """
      SELECT domains, config_sealed, disabled_tools, owner || '/' || servlet.name
      FROM installation JOIN servlet ON servlet.id = servlet_id WHERE installation.id = ?
      """;

  private final DataSource database;

  InstallationRows(DataSource database) {
    this.database = database;
  }

  /**
   * Which tools an installation offers.
   *
   * @param id the installation
   * @param name its name
   * @param address the content address of the version that is installed
   * @param disabledTools the tools that are switched off, by the names that the servlet gives them
   */
  record Offered(UUID id, String name, String address, List<String> disabledTools) {}

  /**
   * What an installation may do.
   *
   * @param domains the hosts that it may call
   * @param configSealed its settings, sealed; null where it has none
   * @param disabledTools the tools that are switched off, by the names that the servlet gives them
   * @param servlet what is installed, as {@code owner/name}
   */
  record Permitted(
      List<String> domains,
      byte @Nullable [] configSealed,
      List<String> disabledTools,
      String servlet) {}

  /** Reads one row. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** What the installations of a profile offer, by name. */
  List<Offered> offered(UUID profileId) {
    return query(
        OFFERED,
        profileId,
        row ->
            new Offered(
                row.getObject(1, UUID.class), row.getString(2), row.getString(3), texts(row, 4)));
  }

  /** What an installation may do now; empty when it is not there any more. */
  Optional<Permitted> permitted(UUID installationId) {
    return query(
            PERMITTED,
            installationId,
            row -> new Permitted(texts(row, 1), row.getBytes(2), texts(row, 3), row.getString(4)))
        .stream()
        .findFirst();
  }

  private <T> List<T> query(String sql, UUID id, Reader<T> reader) {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id);
      try (ResultSet rows = select.executeQuery()) {
        List<T> all = new ArrayList<>();
        while (rows.next()) {
          all.add(reader.read(rows));
        }
        return all;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a question about installations.", e);
    }
  }

  private static List<String> texts(ResultSet row, int column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }
}
