package dev.errand.automation.schedule.calendar;

import dev.errand.base.error.SpellingSuggestion;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of time zones, with advice for names that are not one. */
final class ZoneNames {
  private static final String OF_JAVA_ALONE = "SystemV/";

  // An abbreviation is an offset that several places have, some of them for half the year.
  private static final Map<String, String> ABBREVIATIONS =
      Map.ofEntries(
          Map.entry("EST", "America/New_York, or America/Panama without daylight saving time"),
          Map.entry("EDT", "America/New_York"),
          Map.entry("CST", "America/Chicago, or Asia/Shanghai"),
          Map.entry("CDT", "America/Chicago"),
          Map.entry("MST", "America/Denver, or America/Phoenix without daylight saving time"),
          Map.entry("MDT", "America/Denver"),
          Map.entry("PST", "America/Los_Angeles"),
          Map.entry("PDT", "America/Los_Angeles"),
          Map.entry("HST", "Pacific/Honolulu"),
          Map.entry("BST", "Europe/London"),
          Map.entry("CEST", "Europe/Berlin or Europe/Paris"),
          Map.entry("EEST", "Europe/Athens or Europe/Helsinki"),
          Map.entry("IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"),
          Map.entry("JST", "Asia/Tokyo"),
          Map.entry("KST", "Asia/Seoul"),
          Map.entry("AEST", "Australia/Sydney, or Australia/Brisbane without daylight saving time"),
          Map.entry("AEDT", "Australia/Sydney"),
          Map.entry("NZST", "Pacific/Auckland"),
          Map.entry("NZDT", "Pacific/Auckland"));

  private static final Pattern OFFSET =
      Pattern.compile(
          "(?:UTC|GMT|UT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?", Pattern.CASE_INSENSITIVE);

  private ZoneNames() {}

  static boolean isKnown(String name) {
    return ZoneId.getAvailableZoneIds().contains(name) && !name.startsWith(OF_JAVA_ALONE);
  }

  /** Advice on what to write instead of an unknown name; empty if no zone is similar. */
  static String advice(String name) {
    String places = ABBREVIATIONS.get(name.toUpperCase(Locale.ROOT));
    if (places != null) {
      return places.contains(" ")
          ? "; " + name + " is an abbreviation of several: use " + places
          : "; " + name + " stands for " + places + ": use that name";
    }
    Matcher offset = OFFSET.matcher(name);
    if (offset.matches() || name.equalsIgnoreCase("Z")) {
      return name.equalsIgnoreCase("Z") ? "; use UTC" : insteadOf(offset);
    }
    List<String> all =
        ZoneId.getAvailableZoneIds().stream().filter(ZoneNames::isKnown).sorted().toList();
    Optional<String> inOtherCase = all.stream().filter(name::equalsIgnoreCase).findFirst();
    if (inOtherCase.isPresent()) {
      return ", here " + inOtherCase.get();
    }
    String place = "/" + name.toLowerCase(Locale.ROOT).replace(' ', '_');
    return all.stream()
        .filter(id -> id.toLowerCase(Locale.ROOT).endsWith(place))
        .findFirst()
        .or(() -> SpellingSuggestion.of(name, all))
        .map("; did you mean %s?"::formatted)
        .orElse("");
  }

  // Of the zones with a fixed offset, Etc/GMT-2 is two hours ahead of UTC.
  private static String insteadOf(Matcher offset) {
    boolean ahead = offset.group(1).equals("+");
    int hours = Integer.parseInt(offset.group(2));
    int minutes = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
    if (hours == 0 && minutes == 0) {
      return "; use UTC";
    }
    String fixed = "Etc/GMT" + (ahead ? "-" : "+") + hours;
    return "; an offset has no daylight saving time: use a place such as "
        + (ahead ? "Europe/Berlin" : "America/New_York")
        + (minutes == 0 && isKnown(fixed)
            ? ", or " + fixed + " for a fixed offset, whose sign is the other way round"
            : "");
  }
}
