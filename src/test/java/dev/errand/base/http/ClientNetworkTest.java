package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7",
    "::ffff:192.0.2.7, 192.0.2.7",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
    "2001:db8:1:2::1, 2001:db8:1:2::/64",
    "2001:db8:1:3::1, 2001:db8:1:3::/64",
    "fe80::1%eth0, fe80::/64",
    "unknown, unknown"
  })
  void anAddressBelongsToANetwork(String address, String network) {
    assertEquals(network, ClientNetwork.of(address));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.0/24",
    "::ffff:192.0.2.7, 192.0.2.0/24",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1::/48",
    "unknown, unknown"
  })
  void anAddressBelongsToAWiderNetwork(String address, String network) {
    assertEquals(network, ClientNetwork.wide(address));
  }

  @Test
  void theOtherEndOfAConnectionBelongsToTheSame() throws Exception {
    InetAddress address = InetAddress.getByName("2001:db8:1:2::1");
    assertEquals("2001:db8:1:2::/64", ClientNetwork.of(new InetSocketAddress(address, 4711)));
  }
}
