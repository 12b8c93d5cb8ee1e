package dev.errand.models.loop;

import dev.errand.base.json.WellFormed;
import dev.errand.models.port.ModelConfig;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Limits a tool's result to what the model is given: cuts long text and rejects pictures. */
@Singleton
class ToolOutput {
  private static final int LONGEST_TYPE = 50;
  // The picture types that models accept.
  private static final Set<String> TYPES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  private final ModelConfig config;

  ToolOutput(ModelConfig config) {
    this.config = config;
  }

  /**
   * The part of a result that the model is given.
   *
   * @param text the text, with a note in place of each picture
   * @param pictures the pictures
   */
  record Shown(String text, List<Content.Image> pictures) {}

  /** Limits a result. */
  Shown of(ToolResult result, int picturesBefore) {
    List<String> texts = new ArrayList<>();
    List<Content.Image> pictures = new ArrayList<>();
    for (Content content : result.content()) {
      switch (content) {
        case Content.Text(String text) -> texts.add(text);
        case Content.Described(String text, var _) -> texts.add(text);
        case Content.Image picture -> {
          String refusal = refusal(picture, picturesBefore + pictures.size());
          if (refusal.isEmpty()) {
            pictures.add(
                new Content.Image(picture.data(), picture.mimeType().toLowerCase(Locale.ROOT)));
            texts.add("[picture " + pictures.size() + " of this call, shown below]");
          } else {
            texts.add("[a picture that can't be shown: " + refusal + "]");
          }
        }
      }
    }
    return new Shown(cut(String.join("\n", texts)), pictures);
  }

  private String refusal(Content.Image picture, int shown) {
    if (!TYPES.contains(picture.mimeType().toLowerCase(Locale.ROOT))) {
      return "its type is " + WellFormed.cut(picture.mimeType(), LONGEST_TYPE);
    }
    long most = config.maxPicture().asLongValue();
    String tooLarge = "it has more than " + most + " bytes";
    // In base64, four characters are three bytes; the last four may be fewer.
    if (picture.data().length() / 4 * 3L - 2 > most) {
      return tooLarge;
    }
    try {
      int bytes = Base64.getDecoder().decode(picture.data()).length;
      if (bytes == 0 || bytes > most) {
        return bytes == 0 ? "it is empty" : tooLarge;
      }
    } catch (IllegalArgumentException e) {
      return "it is not valid base64";
    }
    return shown < config.maxPictures()
        ? ""
        : "a run may show " + config.maxPictures() + ", and has";
  }

  private String cut(String text) {
    int most = config.maxToolOutput();
    if (text.length() <= most) {
      return text;
    }
    int end = WellFormed.boundary(text, most);
    return text.substring(0, end) + "\n[cut: " + end + " of " + text.length() + " characters]";
  }
}
