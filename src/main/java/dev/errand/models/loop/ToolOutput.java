package dev.errand.models.loop;

import dev.errand.models.model.settings.ModelConfig;
import dev.errand.tools.tool.Content;
import dev.errand.tools.tool.ToolResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says what of a tool's answer a model is shown: as much text and as many pictures as it may. */
@ApplicationScoped
class ToolOutput {
  // What models take that see pictures.
  private static final Set<String> TYPES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  private final ModelConfig config;

  ToolOutput(ModelConfig config) {
    this.config = config;
  }

  /**
   * What is shown.
   *
   * @param text the text, with a note in the place of each picture
   * @param pictures the pictures
   */
  record Shown(String text, List<Content.Image> pictures) {}

  /**
   * What is shown of an answer.
   *
   * @param picturesBefore how many pictures the run has shown before
   */
  Shown of(ToolResult result, int picturesBefore) {
    List<String> texts = new ArrayList<>();
    List<Content.Image> pictures = new ArrayList<>();
    for (Content content : result.content()) {
      switch (content) {
        case Content.Text(String text) -> texts.add(text);
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
      return "its type is " + start(picture.mimeType());
    }
    long most = config.maxPicture().asLongValue();
    String tooLarge = "it has more than " + most + " bytes";
    // Four characters are three bytes, or one or two at the end.
    if (picture.data().length() / 4 * 3L - 2 > most) {
      return tooLarge;
    }
    try {
      int bytes = Base64.getDecoder().decode(picture.data()).length;
      if (bytes == 0 || bytes > most) {
        return bytes == 0 ? "it is empty" : tooLarge;
      }
    } catch (IllegalArgumentException e) {
      return "it is no base64";
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
    int end = most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "\n[cut: " + end + " of " + text.length() + " characters]";
  }

  private static String start(String type) {
    return type.length() <= 50 ? type : type.substring(0, 50) + "…";
  }
}
