package dev.errand.base.secret;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Notices at the start, and not at the first run, that the master key is not this database's. */
@ApplicationScoped
public class SecretCanary {
  private static final String CONTEXT = "canary";

  private final DataSource database;
  private final SecretBox box;

  @Inject
  SecretCanary(DataSource database, SecretBox box) {
    this.database = database;
    this.box = box;
  }

  /**
   * Opens the canary, or seals one where the database is new.
   *
   * @throws IllegalStateException when the master key is not the one that this database's secrets
   *     are sealed with
   */
  public void check() {
    try (Connection connection = database.getConnection()) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO secret_canary (id, sealed) VALUES (1, ?) ON CONFLICT DO NOTHING")) {
        insert.setBytes(1, box.seal(new Opened("errand"), CONTEXT).bytes());
        insert.executeUpdate();
      }
      open(connection);
    } catch (SealBrokenException e) {
      throw new IllegalStateException(
          "ERRAND_SECRET_KEY is not the key that this database's secrets are sealed with: set the"
              + " former key, or name it in ERRAND_SECRET_PREVIOUS_KEYS beside a new one.",
          e);
    } catch (SQLException e) {
      throw new IllegalStateException("The database can't be read: " + e.getMessage(), e);
    }
  }

  /** Whether the master key opens what is sealed in the database, which has to be there for it. */
  public boolean isOpen() {
    try (Connection connection = database.getConnection()) {
      return open(connection);
    } catch (SQLException | SealBrokenException e) {
      return false;
    }
  }

  private boolean open(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT sealed FROM secret_canary");
        ResultSet row = select.executeQuery()) {
      return row.next() && !box.open(new Sealed(row.getBytes(1)), CONTEXT).value().isEmpty();
    }
  }
}
