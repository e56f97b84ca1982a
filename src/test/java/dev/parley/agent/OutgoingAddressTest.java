package dev.parley.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the server lets itself be sent. */
class OutgoingAddressTest {
  private static final OutgoingAddress PUBLIC_ONLY = new OutgoingAddress(List.of());

  private static InetAddress address(String literal) {
    return Network.parse(literal).prefix();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "127.0.0.1",
        "127.9.9.9",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
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
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "64:ff9b::10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1"
      })
  void an_address_that_is_not_public_is_refused(String literal) {
    assertThat(PUBLIC_ONLY.refusal(address(literal))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.1.1.1",
        "128.0.0.1",
        "169.253.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.1.1",
        "198.17.1.1",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00::1"
      })
  void a_public_address_may_be_used(String literal) {
    assertThat(PUBLIC_ONLY.refusal(address(literal))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,      10.9.9.9,         true",
    "10.0.0.0/8,      11.0.0.1,         true",
    "10.0.0.0/8,      192.168.0.1,      false",
    "10.0.0.0/8,      ::ffff:10.0.0.1,  true",
    "10.0.0.0/8,      64:ff9b::10.0.0.1, true",
    "10.1.2.3,        10.1.2.3,         true",
    "10.1.2.3,        10.1.2.4,         false",
    "172.16.0.0/13,   172.23.0.1,       true",
    "172.16.0.0/13,   172.24.0.1,       false",
    "fd00::/8,        fd12::1,          true",
    "::1,             ::1,              true",
    "::/0,            10.0.0.1,         false",
    "0.0.0.0/0,       10.0.0.1,         true",
  })
  void a_network_that_is_named_may_be_used(String network, String literal, boolean permitted) {
    OutgoingAddress addresses = new OutgoingAddress(List.of(Network.parse(network)));
    assertThat(addresses.refusal(address(literal)).isEmpty()).isEqualTo(permitted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "fd00:ec2::254",
        "64:ff9b::169.254.169.254"
      })
  void where_a_cloud_keeps_credentials_must_be_named_itself(String literal) {
    List<Network> everything = List.of(Network.parse("0.0.0.0/0"), Network.parse("fc00::/7"));
    assertThat(new OutgoingAddress(everything).refusal(address(literal))).isPresent();
    assertThat(new OutgoingAddress(List.of(Network.parse(literal))).refusal(address(literal)))
        .isEmpty();
  }

  @Test
  void a_zone_does_not_make_an_address_public() throws Exception {
    InetAddress zoned = Inet6Address.getByAddress(null, address("fe80::1").getAddress(), 1);
    assertThat(PUBLIC_ONLY.refusal(zoned)).isPresent();
  }

  @Test
  void a_host_is_reached_at_its_first_permitted_address() throws Exception {
    OutgoingAddress addresses =
        new OutgoingAddress(
            List.of(),
            host ->
                new InetAddress[] {address("10.0.0.1"), address("1.1.1.1"), address("8.8.8.8")});
    assertThat(addresses.resolve("x.example")).isEqualTo(address("1.1.1.1"));
  }

  @Test
  void a_host_without_one_is_refused_with_the_remedy() {
    OutgoingAddress addresses =
        new OutgoingAddress(
            List.of(), host -> new InetAddress[] {address("10.0.0.1"), address("::1")});
    assertThatThrownBy(() -> addresses.resolve("x.example"))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessage(
            "The host x.example can't be used: 10.0.0.1 is private (10.0.0.0/8), 0:0:0:0:0:0:0:1 is"
                + " loopback (0:0:0:0:0:0:0:1/128). If that is meant, name the network in"
                + " allowed-networks.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "2130706433", "127.1", "0", "::ffff:7f00:1"})
  void spellings_of_an_address_do_not_hide_it(String host) {
    assertThatThrownBy(() -> PUBLIC_ONLY.resolve(host))
        .isInstanceOfAny(RefusedAddressException.class, UnknownHostException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "10.0.0/8",
        "999.0.0.1",
        "::/129",
        "10.0.0.0/8/8",
        "fe80::1%eth0"
      })
  void what_is_no_network_is_refused(String text) {
    assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
