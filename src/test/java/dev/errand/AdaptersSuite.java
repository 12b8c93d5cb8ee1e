package dev.errand;

import org.junit.platform.suite.api.SelectPackages;

/** What clients and operators meet. */
@ServiceSuite
@SelectPackages({"dev.errand.adapters", "dev.errand.app", "dev.errand.openapi"})
class AdaptersSuite {}
