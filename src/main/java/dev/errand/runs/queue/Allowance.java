package dev.errand.runs.queue;

import dev.errand.base.database.SqlStatement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The most runs that a process may take from the queue now, with limits for some users and
 * profiles.
 *
 * @param fullUsers the users of whose profiles it takes none
 * @param profiles how many it takes of a profile, where that is less than {@code most}
 */
public record Allowance(int most, Set<UUID> fullUsers, Map<UUID, Integer> profiles) {

  /** An allowance without limits for users or profiles. */
  public static Allowance of(int most) {
    return new Allowance(most, Set.of(), Map.of());
  }

  /** Whether some users or profiles have a lower limit. */
  public boolean isLimited() {
    return !fullUsers.isEmpty() || !profiles.isEmpty();
  }

  /** Binds the limits as the parameters {@code full_users}, {@code limited} and {@code limits}. */
  public SqlStatement in(SqlStatement statement) {
    List<Map.Entry<UUID, Integer>> limits = List.copyOf(profiles.entrySet());
    return statement
        .with("full_users", "uuid", fullUsers)
        .with("limited", "uuid", limits, Map.Entry::getKey)
        .with("limits", "int", limits, Map.Entry::getValue);
  }

  /** What is left of it after these runs were taken. */
  public Allowance after(List<Claim> taken) {
    Map<UUID, Integer> left = new HashMap<>(profiles);
    taken.forEach(claim -> left.computeIfPresent(claim.profileId(), (id, runs) -> runs - 1));
    return new Allowance(most - taken.size(), fullUsers, left);
  }
}
