package dev.errand;

import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectPackages;

/** Every package that no other suite has, so that no test is forgotten. */
@ServiceSuite
@SelectPackages("dev.errand")
@ExcludePackages({
  "dev.errand.adapters",
  "dev.errand.app",
  "dev.errand.automation.schedule",
  "dev.errand.automation.trigger",
  "dev.errand.identity",
  "dev.errand.models",
  "dev.errand.openapi",
  "dev.errand.runs.lifecycle",
  "dev.errand.runs.provider",
  "dev.errand.runs.task",
  "dev.errand.tools"
})
class RemainingSuite {}
