package dev.parley.projection.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseAddressTest {
  static Stream<Arguments> addresses() {
    return Stream.of(
        Arguments.of("http://h", "http://h:8123", "default", "", "default"),
        Arguments.of("https://h/", "https://h:8443", "default", "", "default"),
        Arguments.of(" http://u:p@h:1/db_1 ", "http://h:1", "u", "p", "db_1"),
        Arguments.of("http://u@[::1]:9/d", "http://[::1]:9", "u", "", "d"),
        Arguments.of("http://u%3A:p%40%2F+:x@h/d", "http://h:8123", "u:", "p@/+:x", "d"));
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void is_read_from_a_url(String url, String origin, String user, String password, String name) {
    assertThat(ClickHouseAddress.parse(url))
        .isEqualTo(new ClickHouseAddress(URI.create(origin), user, password, name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h:8123",
        "clickhouse://u:secret@h/d",
        "http:///d",
        "http://u:secret@h/d?x=1",
        "http://u:secret@h/d#x",
        "http://u:secret@h/a-b",
        "http://u:secret@h/a/b",
        "http://u:se cret@h/d"
      })
  void what_is_no_such_url_is_refused_without_a_word_of_the_password(String url) {
    assertThatThrownBy(() -> ClickHouseAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret", "se cret");
  }

  @Test
  void does_not_show_its_password() {
    assertThat(ClickHouseAddress.parse("http://u:secret@h/d")).hasToString("http://h:8123/d");
  }
}
