package dev.errand.base.limit;

import dev.errand.base.http.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Port to the page that tells a browser user that the request was too large. */
public interface LargeBodyPage {
  /**
   * The page.
   *
   * @param referrer the page that the request says it comes from; null for none
   */
  String html(Problem problem, @Nullable String referrer);

  Map<String, String> headers();
}
