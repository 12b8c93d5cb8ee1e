package dev.errand.adapters.console.profile;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/** The templates of the pages of the home, profiles and providers. */
@CheckedTemplate(basePath = "console")
final class ProfileTemplates {
  private ProfileTemplates() {}

  static native TemplateInstance home(HomeView view);

  static native TemplateInstance members(MemberPageView view);

  static native TemplateInstance models(List<String> models, String note);

  static native TemplateInstance profile(ProfileEditView view);

  static native TemplateInstance profiles(ProfilePageView view);

  static native TemplateInstance providers(ProviderListView view);

  static native TemplateInstance provider(ProviderForm form);
}
