package dev.errand.runs.worker;

import dev.errand.runs.queue.Allowance;
import dev.errand.runs.queue.Claim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The places of a process for runs, and who holds them. The more places are free, the more a user
 * or a profile may hold: whoever takes one leaves free at least a quarter of what its profile held,
 * and a sixth of what its user held (dynamic thresholds, Choudhury and Hahne, 1998). So a profile
 * that is alone gets as many as the configured concurrency, several share, and one that holds none
 * finds one.
 */
final class RunPlaces {
  private static final int OF_PROFILE = 4;
  private static final int OF_USER = 6;

  private final ConcurrentMap<UUID, Integer> profiles = new ConcurrentHashMap<>();
  private final ConcurrentMap<UUID, Integer> users = new ConcurrentHashMap<>();

  /** How many places there are, so that a profile that is alone may hold {@code concurrency}. */
  static int number(int concurrency) {
    return (int) Math.min(Integer.MAX_VALUE, concurrency + Math.max(1, (concurrency + 2L) / 4));
  }

  void take(Claim claim) {
    profiles.merge(claim.profileId(), 1, Integer::sum);
    users.merge(claim.ownerId(), 1, Integer::sum);
  }

  void leave(Claim claim) {
    profiles.computeIfPresent(claim.profileId(), (id, runs) -> runs == 1 ? null : runs - 1);
    users.computeIfPresent(claim.ownerId(), (id, runs) -> runs == 1 ? null : runs - 1);
  }

  /**
   * Who may take how many places.
   *
   * @param most how many all may take together, at most half of the free ones, rounded up; also
   *     what each who holds none may take
   */
  Allowance allowance(int most, int free) {
    int all = most;
    Set<UUID> full = new HashSet<>();
    for (Map.Entry<UUID, Integer> user : users.entrySet()) {
      int more = more(OF_USER, user.getValue(), free);
      if (more == 0) {
        full.add(user.getKey());
      } else {
        // So that none exceeds its share, whosever runs they are.
        all = Math.min(all, more);
      }
    }
    Map<UUID, Integer> limits = new HashMap<>();
    for (Map.Entry<UUID, Integer> profile : profiles.entrySet()) {
      int more = more(OF_PROFILE, profile.getValue(), free);
      if (more < all) {
        limits.put(profile.getKey(), more);
      }
    }
    return new Allowance(all, full, limits);
  }

  /**
   * Whether a user or a profile holds its share, so that its runs may wait although places are
   * free.
   */
  boolean isAnyShareHeld(int free) {
    return users.values().stream().anyMatch(held -> more(OF_USER, held, free) == 0)
        || profiles.values().stream().anyMatch(held -> more(OF_PROFILE, held, free) == 0);
  }

  // The largest number whose last one leaves enough free: held + more - 1 <= factor * (free -
  // more).
  private static int more(int factor, int held, int free) {
    long more = ((long) factor * free + 1 - held) / (factor + 1);
    return (int) Math.max(0, more);
  }
}
