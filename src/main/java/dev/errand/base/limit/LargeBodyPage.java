package dev.errand.base.limit;

import dev.errand.base.http.Problem;
import java.util.Map;

/** Port to the page that tells a browser user that the request was too large. */
public interface LargeBodyPage {
  String html(Problem problem);

  Map<String, String> headers();
}
