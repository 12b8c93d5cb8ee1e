package dev.errand.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Checks the page of a browser by axe-core against WCAG 2.2, levels A and AA. */
public final class Axe {
  /** How what it makes browsers warn of begins. */
  static final String NOISE = "Canvas2D: Multiple readback operations";

  private static final String SCRIPT =
      "/META-INF/resources/webjars/axe-core/" + System.getProperty("axe.version") + "/axe.min.js";

  private Axe() {}

  /**
   * Fails where a rule is broken that axe-core calls serious or critical.
   *
   * @param page the name of the page, for the failure
   */
  public static void check(Chromium browser, String page) throws IOException {
    // By the developer's door: what the page itself may run is none of its business.
    browser.evaluate(script() + "; 1");
    browser.evaluate(
        """
        window.broken = undefined;
        axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
          .then(
            found => { window.broken = found.violations
              .filter(rule => ['serious', 'critical'].includes(rule.impact))
              .map(rule => rule.id + ': ' + rule.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))
              .join('\\n'); },
            why => { window.broken = String(why); }); 1
        """);
    browser.await("the check of " + page, "window.broken !== undefined");
    assertEquals("", browser.evaluate("window.broken").asText(), page);
  }

  private static String script() throws IOException {
    try (InputStream script = Axe.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new IllegalStateException("There is no " + SCRIPT + " on the class path.");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
