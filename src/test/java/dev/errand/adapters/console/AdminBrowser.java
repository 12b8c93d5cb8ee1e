package dev.errand.adapters.console;

import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Chromium;
import dev.errand.support.PagePictures;
import io.restassured.RestAssured;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;

/** Opens a browser in which the admin has signed in by a start link. */
final class AdminBrowser {
  private AdminBrowser() {}

  /** A browser that shows the admin's home. */
  static Chromium open(StartLinks links, DataSource database) throws Exception {
    Files.createDirectories(PagePictures.FOLDER);
    Chromium browser = new Chromium(Files.createTempDirectory(PagePictures.FOLDER, "data"));
    browser.open(service() + "/start?token=" + links.make(admin(database)));
    browser.await("the home", "location.pathname === '/console/admin/default'");
    return browser;
  }

  /** The address of the service. */
  static String service() {
    return "http://localhost:" + RestAssured.port;
  }

  private static UUID admin(DataSource database) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT id FROM account WHERE username = 'admin'")) {
      rows.next();
      return rows.getObject(1, UUID.class);
    }
  }
}
