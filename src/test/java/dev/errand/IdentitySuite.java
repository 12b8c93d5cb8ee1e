package dev.errand;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;

/** Users and what they may do, models, tasks, and what a hosted service says. */
@ServiceSuite
@SelectPackages({"dev.errand.identity", "dev.errand.models", "dev.errand.runs.task"})
@SelectClasses(
    names = {
      "dev.errand.adapters.console.RunnerFormTest",
      "dev.errand.adapters.mcp.PlainAnswersTest",
      "dev.errand.base.limit.BodyBudgetTest",
      "dev.errand.base.limit.FullServerTest"
    })
@ExcludeClassNamePatterns({
  "dev.errand.identity.audit.AuditTableTest",
  "dev.errand.identity.token.TokenSecretsTest"
})
class IdentitySuite {}
