package dev.errand.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Takes pictures of pages into {@code target/browser}, and checks what a picture can't show. */
public final class PagePictures {
  /** Where the pictures are. */
  public static final Path FOLDER = Path.of("target", "browser");

  // A form that was refused is answered with its page and this status.
  private static final String REFUSED = "status of 400";

  private PagePictures() {}

  /**
   * Takes pictures of the page that a browser shows, light and dark, wide and narrow. The page may
   * not be wider than its window, break a serious rule of accessibility, or ask for what its policy
   * blocks.
   *
   * @param name the beginning of the names of the files
   */
  public static void take(Chromium browser, String name) throws IOException {
    for (String scheme : List.of("light", "dark")) {
      for (int width : List.of(1100, 360)) {
        browser.picture(FOLDER.resolve(name + "-" + scheme + "-" + width + ".png"), width, scheme);
        assertFalse(
            browser.evaluate("document.documentElement.scrollWidth > innerWidth").asBoolean(),
            "The page " + name + " is wider than " + width);
        Axe.check(browser, name + ", " + scheme + ", " + width);
      }
    }
    browser.send("Emulation.clearDeviceMetricsOverride", Map.of());
    // Until then, a click would meet something else.
    browser.await("the window as it was", "innerWidth > 360");
    assertEquals(
        "true",
        browser
            .evaluate("String([...document.styleSheets].some(s => s.cssRules.length > 50))")
            .asText());
    // What the policy blocks, or what is missing, would be told here.
    assertEquals(
        List.of(),
        browser.log().stream()
            .filter(line -> !line.startsWith(Axe.NOISE) && !line.contains(REFUSED))
            .toList());
  }
}
