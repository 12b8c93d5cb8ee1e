package dev.errand;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;

/** What clients and operators meet, and how long their connections last. */
@ServiceSuite
@SelectPackages({"dev.errand.adapters", "dev.errand.app", "dev.errand.openapi"})
@SelectClasses(
    names = {
      "dev.errand.base.limit.ConnectionGuardTest",
      "dev.errand.base.limit.TlsConnectionTest",
      "dev.errand.runs.live.WatchStreamTest"
    })
@ExcludeClassNamePatterns({
  "dev.errand.adapters.console.RunnerFormTest",
  "dev.errand.adapters.mcp.PlainAnswersTest"
})
class AdaptersSuite {}
