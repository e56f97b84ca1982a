package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseAddressTest {

  static Stream<Arguments> addresses() {
    return Stream.of(
        Arguments.of(
            "postgresql://me:secret@db.example:6543/parley",
            address("db.example", 6543, "parley", "me", "secret", Map.of())),
        Arguments.of(
            "postgres://me:secret@db/parley",
            address("db", 5432, "parley", "me", "secret", Map.of())),
        Arguments.of("POSTGRES://me@db", address("db", 5432, "me", "me", "", Map.of())),
        Arguments.of("postgres://me:@db/", address("db", 5432, "me", "me", "", Map.of())),
        Arguments.of(
            "postgres://a%40b:p%2Fq%3F+%25:%C3%A9@db/x%20y",
            address("db", 5432, "x y", "a@b", "p/q?+%:é", Map.of())),
        Arguments.of("postgres://me:p@ss@db/d", address("db", 5432, "d", "me", "p@ss", Map.of())),
        Arguments.of(
            "postgres://me:s@[::1]:5433/d", address("::1", 5433, "d", "me", "s", Map.of())),
        Arguments.of("postgres://me:s@[::1]/d", address("::1", 5432, "d", "me", "s", Map.of())),
        Arguments.of(
            "postgres://me:s@db/d?sslmode=require&channel_binding=require&connect_timeout=3",
            address(
                "db",
                5432,
                "d",
                "me",
                "s",
                Map.of("sslmode", "require", "channelBinding", "require", "connectTimeout", "3"))));
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void reads_what_people_write(String text, DatabaseAddress expected) {
    assertThat(DatabaseAddress.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void is_written_as_it_is_read(String text, DatabaseAddress address) {
    assertThat(DatabaseAddress.parse(address.url())).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://me:s3cret@db/d                | starts with postgresql://",
        "s3cret                                | starts with postgresql://",
        "postgres://db/d                       | no user before an @",
        "postgres://:s3cret@db/d               | no user",
        "postgres://me:s3cret@/d               | no host",
        "postgres://me:s3cret@db:0/d           | between 1 and 65535",
        "postgres://me:s3cret@db:70000/d       | between 1 and 65535",
        "postgres://me:s3cret@db:s3cret/d      | not a number",
        "postgres://me:s3cret%zz@db/d          | password of the database address has a %",
        "postgres://me:s3cret@a,b/d            | several hosts",
        "postgres://me:s3cret/x@db/d           | no user before an @",
        "postgres://me:s3cret@db/d?sslmode     | sslmode without a value",
        "postgres://me@db/d?password=s3cret    | before the @",
      })
  void says_what_is_wrong_without_the_password(String text, String message) {
    assertThatThrownBy(() -> DatabaseAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasNoCause()
        .extracting(Throwable::getMessage)
        .asString()
        .doesNotContain("s3cret");
  }

  @Test
  void jdbc_url_has_the_defaults_and_no_credentials() {
    assertThat(DatabaseAddress.parse("postgres://me:secret@[::1]/x%20y").jdbcUrl())
        .isEqualTo(
            "jdbc:postgresql://[::1]:5432/x%20y?ApplicationName=parley&reWriteBatchedInserts=true"
                + "&prepareThreshold=1&tcpKeepAlive=true&connectTimeout=10&socketTimeout=60"
                + "&logServerErrorDetail=false");
  }

  @Test
  void parameters_win_over_the_defaults() {
    DatabaseAddress address =
        DatabaseAddress.parse("postgres://me:s@db/d?application_name=a%26b&prepareThreshold=0");
    assertThat(address.withParameter("socketTimeout", "0").jdbcUrl())
        .contains("ApplicationName=a%26b", "prepareThreshold=0", "socketTimeout=0")
        .doesNotContain("=parley", "prepareThreshold=1", "socketTimeout=60");
  }

  @Test
  void prints_without_the_password() {
    assertThat(DatabaseAddress.parse("postgres://me:secret@db/d?sslpassword=secret"))
        .hasToString("me@db:5432/d");
  }

  private static DatabaseAddress address(
      String host,
      int port,
      String database,
      String user,
      String password,
      Map<String, String> parameters) {
    return new DatabaseAddress(host, port, database, user, password, parameters);
  }
}
