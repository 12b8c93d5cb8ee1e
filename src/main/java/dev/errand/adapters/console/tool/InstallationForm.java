package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationView;
import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/** A form that makes or changes an installation. */
sealed interface InstallationForm permits ServerForm, ServletForm {
  /** The installation as it is; null for one to be made. */
  @Nullable InstallationView installed();

  /** The request that makes the installation of what was sent, or changes it to that. */
  InstallationRequest request(SentForm sent);

  /** The form as it was sent, with what is wrong with it. */
  InstallationForm refused(SentForm sent, ApiException refusal);

  /** The page with the form. */
  TemplateInstance template();
}
