package dev.errand.tools.port;

import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Derives tool names that the servers of all models accept. {@code tools.install.ProfileToolbox}
 * decides in which order tools get their names, and which are left out.
 */
public final class ToolNames {
  private static final int LONGEST = 64;
  private static final int HASH_DIGITS = 8;
  private static final Pattern UNFIT = Pattern.compile("[^a-zA-Z0-9_-]");

  private ToolNames() {}

  /**
   * {@code <installation>_<tool>}, changed where needed to match {@code ^[a-zA-Z0-9_-]{1,64}$}. A
   * changed or taken name gets a hash of the original as its suffix, so a tool has the same name in
   * every run, whatever else is installed, except when another tool has taken the name.
   *
   * @param taken the names given so far; the result is added
   */
  public static String give(String installation, String tool, Set<String> taken) {
    return tried(installation, tool, taken).getLast();
  }

  /** The same, after the names that it would have had if no other tool had them. */
  public static List<String> tried(String installation, String tool, Set<String> taken) {
    List<String> tried = new ArrayList<>(1);
    String plain = installation + "_" + tool;
    String fit = UNFIT.matcher(plain).replaceAll("_");
    if (fit.equals(plain) && fit.length() <= LONGEST) {
      tried.add(fit);
      if (taken.add(fit)) {
        return tried;
      }
    }
    String stem = WellFormed.beginning(fit, LONGEST - HASH_DIGITS - 1);
    // The slash separates the parts, or a_b + c and a + b_c would have the same hash, too.
    for (int round = 0; ; round++) {
      String name = stem + "_" + hash(installation + "/" + tool + "#" + round);
      tried.add(name);
      if (taken.add(name)) {
        return tried;
      }
    }
  }

  private static String hash(String of) {
    return Sha256.hex(of).substring(0, HASH_DIGITS);
  }
}
