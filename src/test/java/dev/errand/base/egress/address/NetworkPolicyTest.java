package dev.errand.base.egress.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cluster's network refuses what the service refuses, and lets through what it needs. */
class NetworkPolicyTest {
  private static JsonNode service = new ObjectMapper().nullNode();
  private static JsonNode knative = new ObjectMapper().nullNode();
  private static JsonNode migration = new ObjectMapper().nullNode();

  @BeforeAll
  static void read() throws Exception {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    service = yaml.readTree(Path.of("deploy/kubernetes/network.yaml").toFile());
    knative = yaml.readTree(Path.of("deploy/knative/service/network.yaml").toFile());
    migration = yaml.readTree(Path.of("deploy/kubernetes/migration/network.yaml").toFile());
  }

  @Test
  void onTheWebAreTheAddressesThatTheServiceTakesForPublic() throws Exception {
    int open = 0;
    for (InetAddress address : addresses()) {
      boolean isPublic = AddressSpace.special(address).isEmpty();
      assertEquals(isPublic, reaches(service, address, 443), address.toString());
      assertEquals(isPublic, reaches(service, address, 80), address.toString());
      open += isPublic ? 1 : 0;
    }
    assertTrue(open > 1_000, () -> "too few to tell");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"169.254.169.254", "169.254.170.2", "168.63.129.16", "fe80::1", "fd00:ec2::254"})
  void metadataServicesOfCloudsAreBlocked(String text) {
    InetAddress address = HostName.address(text);
    for (int port : List.of(53, 80, 443, 4317, 5432, 8080)) {
      assertFalse(reaches(service, address, port), text + ":" + port);
      assertFalse(reaches(migration, address, port), text + ":" + port);
    }
  }

  @Test
  void onKnativeTheBrokerIsReachedBesides() {
    List<JsonNode> rules = new ArrayList<>();
    knative.at("/spec/egress").forEach(rules::add);
    assertEquals(
        "knative-eventing",
        rules.removeLast().findValuesAsText("kubernetes.io/metadata.name").getFirst());
    List<JsonNode> expected = new ArrayList<>();
    service.at("/spec/egress").forEach(expected::add);
    assertEquals(expected, rules);
  }

  @Test
  void theDatabaseMayBeAnywhere() {
    for (String text : List.of("10.1.2.3", "192.168.1.5", "8.8.8.8", "fd12::5", "2600::1")) {
      InetAddress address = HostName.address(text);
      assertTrue(reaches(service, address, 5432), text);
      assertTrue(reaches(migration, address, 5432), text);
      assertFalse(reaches(migration, address, 443), text);
      assertFalse(reaches(service, address, 22), text);
    }
    // In the cluster, too, where a network may know pods by their labels alone.
    for (JsonNode policy : List.of(service, migration)) {
      assertEquals(Set.of(5432), portsToEveryNamespace(policy));
    }
  }

  // The first and last of each block, their neighbours, and some of everywhere.
  private static List<InetAddress> addresses() throws Exception {
    List<InetAddress> addresses = new ArrayList<>();
    for (JsonNode block : service.findParents("cidr")) {
      block.path("except").forEach(except -> addBounds(except.asText(), addresses));
      addBounds(block.path("cidr").asText(), addresses);
    }
    Random random = new Random(42);
    for (int i = 0; i < 4_000; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
      random.nextBytes(bytes);
      if (bytes.length == 16 && i % 4 == 1) {
        bytes[0] = (byte) (0x20 + random.nextInt(0x20));
      }
      addresses.add(InetAddress.getByAddress(bytes));
    }
    return addresses;
  }

  private static void addBounds(String block, List<InetAddress> addresses) {
    Cidr cidr = Cidr.parse(block);
    int bits = cidr.network().length * Byte.SIZE;
    BigInteger first = new BigInteger(1, cidr.network());
    BigInteger next = first.add(BigInteger.ONE.shiftLeft(bits - cidr.prefix()));
    for (BigInteger number :
        List.of(first.subtract(BigInteger.ONE), first, next.subtract(BigInteger.ONE), next)) {
      if (number.signum() >= 0 && number.bitLength() <= bits) {
        byte[] plain = number.toByteArray();
        byte[] bytes = new byte[bits / Byte.SIZE];
        for (int i = 0; i < Math.min(plain.length, bytes.length); i++) {
          bytes[bytes.length - 1 - i] = plain[plain.length - 1 - i];
        }
        addresses.add(address(bytes));
      }
    }
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(Arrays.copyOf(bytes, bytes.length));
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean reaches(JsonNode policy, InetAddress address, int port) {
    for (JsonNode rule : policy.at("/spec/egress")) {
      if (ports(rule).contains(port)) {
        for (JsonNode block : rule.findValues("ipBlock")) {
          if (isIn(block, address)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isIn(JsonNode block, InetAddress address) {
    if (!Cidr.parse(block.path("cidr").asText()).contains(address)) {
      return false;
    }
    for (JsonNode except : block.path("except")) {
      if (Cidr.parse(except.asText()).contains(address)) {
        return false;
      }
    }
    return true;
  }

  private static Set<Integer> portsToEveryNamespace(JsonNode policy) {
    Set<Integer> ports = new TreeSet<>();
    for (JsonNode rule : policy.at("/spec/egress")) {
      for (JsonNode peer : rule.path("to")) {
        if (peer.path("namespaceSelector").isObject() && peer.path("namespaceSelector").isEmpty()) {
          ports.addAll(ports(rule));
        }
      }
    }
    return ports;
  }

  private static Set<Integer> ports(JsonNode rule) {
    Set<Integer> ports = new TreeSet<>();
    rule.path("ports").forEach(port -> ports.add(port.path("port").asInt()));
    assertFalse(ports.isEmpty(), () -> "a rule without ports opens all of them");
    return ports;
  }
}
