package dev.parley.http.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseOutageTest {
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    "08001, no connection, true",
    "08006, broken connection, true",
    "53100, disk full, true",
    "53300, too many connections, true",
    "57P01, stopped by its operator, true",
    "57P03, starting, true",
    "58030, input or output failed, true",
    "23505, duplicate key, false",
    "42601, syntax error, false",
    "08, no such code, false"
  })
  void a_state_passes_by_itself_or_it_does_not(String state, String meaning, boolean passes) {
    assertThat(DatabaseOutage.is(new SQLException(meaning, state))).isEqualTo(passes);
  }

  @Test
  void a_pool_without_a_connection_passes_by_itself() {
    assertThat(DatabaseOutage.is(new SQLTransientConnectionException("timed out"))).isTrue();
  }

  @Test
  void what_is_not_of_the_database_does_not() {
    assertThat(DatabaseOutage.is(new SQLException("without a state"))).isFalse();
    assertThat(DatabaseOutage.is(new IllegalStateException("08001"))).isFalse();
  }
}
