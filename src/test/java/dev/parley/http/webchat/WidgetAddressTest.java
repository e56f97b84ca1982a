package dev.parley.http.webchat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.webchat.WidgetDomain;
import dev.parley.http.shared.PublicOrigin;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidgetAddressTest {
  @ParameterizedTest
  @CsvSource({
    "https://api.example, https://proxy.example, OWN, https://api.example",
    "https://api.example, https://proxy.example, PROXY, https://proxy.example",
    "https://api.example, , PROXY, https://api.example",
    ", https://proxy.example, OWN, https://public.example",
    ", , PROXY, https://public.example",
  })
  void the_proxy_is_for_who_wants_it_where_there_is_one(
      String own, String proxy, WidgetDomain wanted, String expected) {
    WidgetAddress address =
        new WidgetAddress(own, proxy, new PublicOrigin("https://public.example"));
    assertThat(address.of(wanted, HttpRequest.GET("http://127.0.0.1:8080/"))).isEqualTo(expected);
  }
}
