package dev.errand.base.egress.address;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.client.Door;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPolicyTest {

  private static final List<String> PORTS = List.of("80", "443", "8000-9000");
  private static final EgressPolicy STRICT = policy(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::8.8.8.8",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1"
      })
  void anAddressThatIsNotOfThePublicInternetIsRefused(String address) {
    assertFalse(STRICT.permits("site.test", InetAddress.ofLiteral(address), 443));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.1.1.1",
        "128.0.0.1",
        "169.253.1.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::8.8.8.8",
        "::ffff:8.8.8.8"
      })
  void anAddressOfThePublicInternetIsPermitted(String address) {
    assertTrue(STRICT.permits("site.test", InetAddress.ofLiteral(address), 443));
  }

  @Test
  void aMappedAddressIsJudgedAsTheAddressWithin() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    mapped[12] = 127;
    mapped[15] = 1;
    assertFalse(STRICT.permits("site.test", Inet6Address.getByAddress(null, mapped, -1), 443));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, site.test, 127.0.0.1, 22, true",
    "127.0.0.1, site.test, 127.0.0.2, 443, false",
    "127.0.0.1:99, site.test, 127.0.0.1, 99, true",
    "127.0.0.1:99, site.test, 127.0.0.1, 80, false",
    "10.0.0.0/8, site.test, 10.9.9.9, 22, true",
    "10.0.0.0/8:99, site.test, 10.9.9.9, 98, false",
    "[::1]:99, site.test, ::1, 99, true",
    "[::1]:99, site.test, ::1, 80, false",
    "[fd00::/8]:99, site.test, fd00::5, 99, true",
    "fd00::/8, site.test, fd00::5, 22, true",
    "::1, site.test, ::1, 22, true",
    "Site.Test., site.test, 10.0.0.1, 22, true",
    "site.test, SITE.TEST., 10.0.0.1, 22, true",
    "site.test:99, site.test, 10.0.0.1, 99, true",
    "site.test:99, site.test, 10.0.0.1, 443, false",
    "site.test:99, site.test, 8.8.8.8, 443, true",
    "site.test:99, site.test, 8.8.8.8, 22, false",
    "site.test, a.site.test, 10.0.0.1, 80, false",
    "*.site.test, a.site.test, 10.0.0.1, 22, true",
    "*.site.test, site.test, 10.0.0.1, 80, false",
    "metadata.google.internal, metadata.google.internal, 169.254.169.254, 80, true",
    "169.254.169.254, metadata.google.internal, 169.254.169.254, 80, false"
  })
  void anAllowEntryFreesWhatItNames(
      String entry, String host, String address, int port, boolean permitted) {
    assertEquals(
        permitted, policy(List.of(entry)).permits(host, InetAddress.ofLiteral(address), port));
  }

  @ParameterizedTest
  @CsvSource({
    "site.test, site.test, 8.8.8.8, false",
    "site.test, a.site.test, 8.8.8.8, true",
    "*.site.test, a.site.test, 8.8.8.8, false",
    "8.8.8.0/24, site.test, 8.8.8.8, false",
    "8.8.8.0/24, site.test, 64:ff9b::8.8.8.8, false",
    "8.8.8.0/24, site.test, 8.8.9.8, true",
    "2606:4700::/32, site.test, 2606:4700::1, false",
    "10.0.0.1, site.test, 10.0.0.1, false"
  })
  void theBlocklistIsStrongerThanAllow(
      String blocked, String host, String address, boolean permitted) {
    EgressPolicy policy =
        new EgressPolicy(List.of("site.test", "10.0.0.0/8", blocked), List.of(blocked), PORTS);

    assertEquals(permitted, policy.permits(host, InetAddress.ofLiteral(address), 443));
  }

  @ParameterizedTest
  @CsvSource({
    "80, true",
    "443, true",
    "8000, true",
    "9000, true",
    "22, false",
    "7999, false",
    "9001, false"
  })
  void onlyTheNamedPortsAreOpen(int port, boolean open) {
    assertEquals(open, STRICT.permits("site.test", InetAddress.ofLiteral("8.8.8.8"), port));
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, true",
    "EXAMPLE.org., example.org, true",
    "example.org, a.example.org, false",
    "example.org, badexample.org, false",
    "*.example.org, a.b.example.org, true",
    "*.example.org, example.org, false",
    "*.example.org, badexample.org, false",
    "*.Example.ORG., a.example.org, true",
    "*, 8.8.8.8, true",
    "8.8.8.8, 8.8.8.8, true",
    "2606:4700::1, [2606:4700:0:0::1], true",
    "bücher.example, xn--bcher-kva.example, true",
    "'', example.org, false",
    "*.*, example.org, false",
    "ex*, example.org, false"
  })
  void aGrantCoversTheHostsThatItNames(String grant, String host, boolean covered)
      throws Exception {
    Target target = Target.parse("http://" + host + "/");
    if (covered) {
      assertDoesNotThrow(() -> STRICT.checkGranted(target, List.of(grant)));
    } else {
      assertThrows(EgressRefusedException.class, () -> STRICT.checkGranted(target, List.of(grant)));
    }
  }

  @Test
  void onlyPermittedAddressesOfAMixedNameAreChosen() throws Exception {
    List<InetAddress> mixed =
        Stream.of("10.0.0.1", "8.8.8.8", "::1").map(InetAddress::ofLiteral).toList();

    assertEquals(
        List.of(InetAddress.ofLiteral("8.8.8.8")),
        STRICT.permitted(Target.parse("http://site.test/"), mixed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://metadata.google.internal/", "http://metadata/", "http://127.0.0.1/",
        "http://[::1]/", "http://site.test:22/", "http://10.0.0.1:8080/"
      })
  void aRefusalNamesTheSettingThatWouldAllowIt(String url) {
    EgressRefusedException refused =
        assertThrows(EgressRefusedException.class, () -> STRICT.checkUrl(URI.create(url)));

    assertTrue(Door.sentence(refused).contains("ERRAND_EGRESS_ALLOW"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "10.0.0.5/8",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "site.test:0",
        "site.test:70000",
        "site.test:x",
        "site.test:",
        "127.1",
        "0x7f.1",
        "*",
        "*.10.0.0.1",
        "fd00::/129",
        "[::1]x",
        "http://site.test",
        "a..b",
        "[10.0.0.1",
        ":80",
        "[site.test]:80",
        "fe80::1%eth0"
      })
  void anEntryThatCannotBeReadStopsTheStart(String entry) {
    ConfigurationException failed =
        assertThrows(ConfigurationException.class, () -> policy(List.of(entry)));

    assertTrue(
        Door.sentence(failed).startsWith("The entry '%s' of errand.egress.allow".formatted(entry)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"site.test:80", "*", "10.0.0.5/8"})
  void aBlocklistEntryThatCannotBeReadStopsTheStart(String entry) {
    assertThrows(
        ConfigurationException.class, () -> new EgressPolicy(List.of(), List.of(entry), PORTS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "9-8", "x", "80-", "-80"})
  void aPortThatCannotBeReadStopsTheStart(String entry) {
    assertThrows(
        ConfigurationException.class, () -> new EgressPolicy(List.of(), List.of(), List.of(entry)));
  }

  private static EgressPolicy policy(List<String> allow) {
    return new EgressPolicy(allow, List.of(), PORTS);
  }
}
