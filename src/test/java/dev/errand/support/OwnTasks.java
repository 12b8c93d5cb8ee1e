package dev.errand.support;

import dev.errand.identity.account.User;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileStore;
import dev.errand.runs.task.TaskReader;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;

/** The tasks of the profile that tests use, for tests that start runs without the API. */
@ApplicationScoped
public class OwnTasks {
  private final Users users;
  private final ProfileStore profiles;
  private final TaskReader tasks;

  OwnTasks(Users users, ProfileStore profiles, TaskReader tasks) {
    this.users = users;
    this.profiles = profiles;
    this.tasks = tasks;
  }

  /** The profile that tests use. */
  public Profile profile() {
    User admin = users.named(User.ADMIN).orElseThrow();
    return profiles.of(admin.id(), Profile.DEFAULT).orElseThrow();
  }

  /** The task of that name. */
  public TaskSnapshot named(String name) {
    return tasks.require(profile(), name);
  }
}
