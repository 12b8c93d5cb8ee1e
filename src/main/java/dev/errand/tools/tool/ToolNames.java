package dev.errand.tools.tool;

import dev.errand.base.secret.Sha256;
import java.util.HexFormat;
import java.util.Set;

/** Gives each tool a name that every model's server takes. */
public final class ToolNames {
  private static final int LONGEST = 64;
  private static final int MARK_DIGITS = 8;

  private ToolNames() {}

  /**
   * {@code <installation>_<tool>}, made to fit {@code ^[a-zA-Z0-9_-]{1,64}$}. A name that had to be
   * changed, or is taken, carries a mark made of what it was: the same tool has the same name in
   * every run, whatever else is installed beside it, unless that other is what took its name.
   *
   * @param taken the names given so far; the answer is added
   */
  public static String give(String installation, String tool, Set<String> taken) {
    String plain = installation + "_" + tool;
    String fit = plain.replaceAll("[^a-zA-Z0-9_-]", "_");
    if (fit.equals(plain) && fit.length() <= LONGEST && taken.add(fit)) {
      return fit;
    }
    String stem = fit.substring(0, Math.min(fit.length(), LONGEST - MARK_DIGITS - 1));
    // The two parts apart, or a_b + c and a + b_c would share a mark as they share a name.
    for (int round = 0; ; round++) {
      String name = stem + "_" + mark(installation + "/" + tool + "#" + round);
      if (taken.add(name)) {
        return name;
      }
    }
  }

  private static String mark(String of) {
    return HexFormat.of().formatHex(Sha256.of(of)).substring(0, MARK_DIGITS);
  }
}
