package dev.errand.identity.user;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Mails;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithMail;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.mail.internet.MimeMessage;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invitations that are mailed to the people for whom they are, by a real SMTP server. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = WithMail.class, scope = TestResourceScope.MATCHING_RESOURCES)
class MailedInvitationTest {
  private static final String ADDRESS = "mailed@example.org";

  private final GreenMail server =
      new GreenMail(
          new ServerSetup(
              ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class),
              "127.0.0.1",
              ServerSetup.PROTOCOL_SMTP));

  @AfterEach
  void tidyUp() {
    for (String user : new String[] {"mailed", "unmailed", "program"}) {
      api().delete("/api/users/" + user);
    }
    server.stop();
  }

  @Test
  void aNewPersonGetsTheLinkByMailOnce() {
    server.start();
    String link =
        api()
            .body(Map.of("role", "member", "email", ADDRESS))
            .put("/api/users/mailed")
            .then()
            .statusCode(201)
            .body("invitation_mail.accepted", equalTo(true))
            .body("invitation_mail.error", nullValue())
            .extract()
            .path("invitation_url");
    assertEquals(1, server.getReceivedMessages().length);
    MimeMessage mail = server.getReceivedMessages()[0];
    assertEquals("admin invites you to Errand", Mails.subject(mail));
    assertTrue(Mails.part(mail, "text/plain").contains(link), Mails.part(mail, "text/plain"));
    assertTrue(Mails.part(mail, "text/plain").contains("within 7 days"));
    assertEquals(link, Jsoup.parse(Mails.part(mail, "text/html")).select("a").attr("href"));
    String path = link.substring(WithMail.URL.length());
    given()
        .contentType("application/json")
        .body(Map.of("password", "a password of the mailed one"))
        .post(path)
        .then()
        .statusCode(201);

    // A change is no invitation, and neither is a person without an address, or a program.
    api()
        .body(Map.of("role", "member", "email", "another@example.org"))
        .put("/api/users/mailed")
        .then()
        .statusCode(200)
        .body("invitation_mail", nullValue());
    api()
        .body(Map.of("role", "member"))
        .put("/api/users/unmailed")
        .then()
        .statusCode(201)
        .body("invitation_mail", nullValue());
    api()
        .body(Map.of("role", "member", "kind", "service", "email", ADDRESS))
        .put("/api/users/program")
        .then()
        .statusCode(201)
        .body("invitation_mail", nullValue());
    assertEquals(1, server.getReceivedMessages().length);
  }

  @Test
  void thePageSaysWhetherItWasMailedAndKeepsTheLink() {
    Browser admin = new Browser(Api.SESSION);
    Map<String, String> form = Map.of("name", "mailed", "email", ADDRESS, "role", "member");
    Page without = admin.send(admin.open("/console/admin/default/settings/users"), "#make", form);
    assertEquals(201, without.status(), without.text());
    assertTrue(
        without.text().contains("No mail was sent to " + ADDRESS + ": The mail server can't be"),
        without.text());
    assertFalse(without.value("#link").isEmpty(), "the link is all that is left");
    api().delete("/api/users/mailed").then().statusCode(204);

    server.start();
    Page with = admin.send(admin.open("/console/admin/default/settings/users"), "#make", form);
    assertEquals(201, with.status(), with.text());
    assertTrue(with.text().contains("A mail with this link is on its way to " + ADDRESS));
    assertFalse(with.value("#link").isEmpty());
    assertEquals(1, server.getReceivedMessages().length);
  }
}
