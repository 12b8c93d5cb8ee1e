package dev.errand.models.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolOutputTest {
  private static final String PICTURE = "AAAA";

  private final ToolOutput output =
      new ToolOutput(
          TestConfig.with(
              Map.of("max-tool-output", "200", "max-picture", "10", "max-pictures", "3")));

  @Test
  void textIsShownAsItIsUpToTheLimit() {
    String most = "a".repeat(200);

    assertEquals(most, output.of(ToolResult.text(most), 0).text());
    assertEquals(
        most + "\n[cut: 200 of 201 characters]", output.of(ToolResult.text(most + "b"), 0).text());
  }

  @Test
  void noCharacterIsCutInHalf() {
    String text = "a".repeat(199) + "\ud83d\ude00" + "b";

    assertEquals(
        "a".repeat(199) + "\n[cut: 199 of 202 characters]",
        output.of(ToolResult.text(text), 0).text());
  }

  @Test
  void picturesAreShownBesideTheTextWithANoteInTheirPlace() {
    ToolOutput.Shown shown =
        output.of(
            new ToolResult(
                List.of(
                    new Content.Text("before"),
                    new Content.Image(PICTURE, "image/PNG"),
                    new Content.Text("after"),
                    new Content.Image("BBBB", "image/webp")),
                true),
            0);

    assertEquals(
        """
        before
        [picture 1 of this call, shown below]
        after
        [picture 2 of this call, shown below]""",
        shown.text());
    assertEquals(
        List.of(new Content.Image(PICTURE, "image/png"), new Content.Image("BBBB", "image/webp")),
        shown.pictures());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AAAA|image/tiff|its type is image/tiff",
        "AAAA|text/html|its type is text/html",
        "AAA|image/png|",
        "A|image/png|it is not valid base64",
        "AA AA|image/png|it is not valid base64",
        "'AA\"}'|image/png|it is not valid base64",
        "''|image/png|it is empty",
      })
  void invalidImagesAreNotSent(String data, String type, String why) {
    ToolOutput.Shown shown =
        output.of(new ToolResult(List.of(new Content.Image(data, type)), false), 0);

    assertEquals(why == null ? 1 : 0, shown.pictures().size());
    if (why != null) {
      assertEquals("[a picture that can't be shown: " + why + "]", shown.text());
    }
  }

  @ParameterizedTest
  @CsvSource({"9,1", "10,1", "11,0", "12,0", "100000,0"})
  void aPictureMayHaveSoManyBytes(int bytes, int shown) {
    String data = Base64.getEncoder().encodeToString(new byte[bytes]);
    ToolOutput.Shown result =
        output.of(new ToolResult(List.of(new Content.Image(data, "image/png")), false), 0);

    assertEquals(shown, result.pictures().size(), result.text());
  }

  @Test
  void theNumberOfImagesOfARunIsLimited() {
    List<Content> three =
        List.of(
            new Content.Image(PICTURE, "image/png"),
            new Content.Image(PICTURE, "image/png"),
            new Content.Image(PICTURE, "image/png"));

    assertEquals(3, output.of(new ToolResult(three, false), 0).pictures().size());
    ToolOutput.Shown last = output.of(new ToolResult(three, false), 2);
    assertEquals(1, last.pictures().size());
    assertEquals(
        """
        [picture 1 of this call, shown below]
        [a picture that can't be shown: a run may show 3, and has]
        [a picture that can't be shown: a run may show 3, and has]""",
        last.text());
  }
}
