package dev.parley.http.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
  private static final ClientAddress ADDRESS =
      new ClientAddress(List.of(Network.parse("10.0.0.0/8"), Network.parse("fd00::/8")));

  private static HttpRequest from(String connection) throws Exception {
    return HttpRequest.create()
        .addAttribute(
            AttributeKeys.remoteAddress,
            RemoteAddress.create(new InetSocketAddress(InetAddress.getByName(connection), 5)));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 203.0.113.9, 192.0.2.1",
    "10.0.0.1, 203.0.113.9, 203.0.113.9",
    "10.0.0.1, '198.51.100.7, 203.0.113.9', 203.0.113.9",
    "10.0.0.1, '198.51.100.7, 203.0.113.9, 10.0.0.2', 203.0.113.9",
    "10.0.0.1, '10.0.0.3, 10.0.0.2', 10.0.0.3",
    "10.0.0.1, 'unknown, 10.0.0.2', 10.0.0.2",
    "10.0.0.1, 203.0.113.0/24, 10.0.0.1",
    "10.0.0.1, '', 10.0.0.1",
    "fd00::1, 203.0.113.9, 203.0.113.9",
    "2001:db8::1, 203.0.113.9, 20010db800000000::/64",
    "10.0.0.1, 2001:db8:0:1:2:3:4:5, 20010db800000001::/64",
    "10.0.0.1, ::ffff:203.0.113.9, 203.0.113.9",
  })
  void a_header_counts_as_far_as_trusted_proxies_have_written_it(
      String connection, String header, String expected) throws Exception {
    HttpRequest request = from(connection).addHeader(RawHeader.create("X-Forwarded-For", header));
    assertThat(ADDRESS.of(request)).isEqualTo(expected);
  }

  @Test
  void several_headers_are_one_list() throws Exception {
    HttpRequest request =
        from("10.0.0.1")
            .withHeaders(
                List.of(
                    RawHeader.create("X-Forwarded-For", "198.51.100.7"),
                    RawHeader.create("x-forwarded-for", "203.0.113.9, 10.0.0.2")));
    assertThat(ADDRESS.of(request)).isEqualTo("203.0.113.9");
  }

  @Test
  void without_a_header_it_is_the_connection() throws Exception {
    assertThat(ADDRESS.of(from("10.0.0.1"))).isEqualTo("10.0.0.1");
    assertThat(ADDRESS.of(HttpRequest.create())).isEqualTo("unknown");
  }
}
