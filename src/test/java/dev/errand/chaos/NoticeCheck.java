package dev.errand.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.chaos.Outside.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that the end of each run was told in one delivery. A delivery may come several times,
 * always the same: what a process sent before it was killed is sent again by another.
 */
final class NoticeCheck {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NoticeCheck() {}

  /** What should not be, each in a sentence; empty when all is well. */
  static List<String> broken(Set<String> runs, List<Notice> notices)
      throws JsonProcessingException {
    List<String> broken = new ArrayList<>();
    Map<String, String> bodies = new HashMap<>();
    Map<String, String> deliveries = new HashMap<>();
    for (Notice notice : notices) {
      String before = bodies.putIfAbsent(notice.id(), notice.body());
      if (before != null && !before.equals(notice.body())) {
        broken.add("The delivery " + notice.id() + " told " + before + ", then " + notice.body());
      }
      String run = JSON.readTree(notice.body()).at("/data/run").asText();
      String other = deliveries.putIfAbsent(run, notice.id());
      if (other != null && !other.equals(notice.id())) {
        broken.add(run + " was told by the deliveries " + other + " and " + notice.id());
      }
    }
    Set<String> untold = new HashSet<>(runs);
    untold.removeAll(deliveries.keySet());
    untold.forEach(run -> broken.add(run + " was never told"));
    return broken;
  }

  /** How many of them came again. */
  static long repeated(List<Notice> notices) {
    return notices.size() - notices.stream().map(Notice::id).distinct().count();
  }
}
