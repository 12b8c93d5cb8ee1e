package dev.errand.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whether what is packaged is known to be vulnerable: {@code verify -Dit.test=AuditIT
 * -Daudit.osv=…}.
 */
class AuditIT {
  @Test
  void noPackagedComponentIsKnownToBeVulnerable() throws Exception {
    Path osv = Path.of(System.getProperty("audit.osv", ""));
    assertTrue(
        !osv.toString().isEmpty() && Files.exists(osv),
        "-Daudit.osv names a file or a folder of vulnerabilities in the format of OSV");
    Set<String> components = OsvAudit.components(SbomIT.sbom());
    List<OsvAudit.Finding> findings = OsvAudit.findings(components, osv);
    findings.forEach(System.out::println);
    System.out.println(
        components.size() + " components, " + findings.size() + " findings by " + osv);
    assertEquals(List.of(), findings);
  }
}
