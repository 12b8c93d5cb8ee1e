package dev.errand.adapters.console.admin;

import dev.errand.adapters.admin.ServiceStatus;
import dev.errand.adapters.console.page.ListFilter;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.base.secret.ResealStatus;
import dev.errand.identity.user.UserView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The templates of the pages for admins. */
@CheckedTemplate(basePath = "console")
final class AdminTemplates {
  private AdminTemplates() {}

  /**
   * The page with the audit.
   *
   * @param actions the actions to choose from
   * @param message why the filter was refused; null where it was not
   */
  static native TemplateInstance audit(
      ListFilter filter, List<String> actions, ListPart<AuditRow> rows, @Nullable String message);

  static native TemplateInstance service(ServiceStatus status, ResealStatus reseal);

  /**
   * The page with all users.
   *
   * @param form the form that creates one
   * @param made the user that it created; null for none
   */
  static native TemplateInstance users(
      ListPart<UserView> users, UserForm form, @Nullable NewUser made);

  /**
   * The page of a user.
   *
   * @param link a link by which the person chooses another password, which is shown this once; null
   *     where none was made
   */
  static native TemplateInstance user(UserView user, UserForm form, @Nullable String link);
}
