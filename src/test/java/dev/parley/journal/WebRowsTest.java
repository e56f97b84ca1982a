package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebRowsTest {
  static Stream<Arguments> questions() {
    return Stream.of(
        Arguments.of(WebRows.HAND_OFFS, "event_journal_passing"),
        Arguments.of(WebRows.NAMES, "event_journal_webchats"));
  }

  /** Else each look would read the whole journal, sessions and all. */
  @ParameterizedTest
  @MethodSource("questions")
  void what_is_asked_is_found_by_an_index(String question, String index) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = TestPostgres.connect(TestServer.database());
        Statement settings = connection.createStatement();
        PreparedStatement explain = connection.prepareStatement("explain " + question)) {
      // A table of a few rows is read as a whole all the same, unless that is not allowed.
      settings.execute("set enable_seqscan = off");
      for (int i = 1; i <= 3; i++) {
        if (question.equals(WebRows.NAMES) && i < 3) {
          explain.setString(i, "Webchat|env/");
        } else {
          explain.setLong(i, 1);
        }
      }
      try (ResultSet lines = explain.executeQuery()) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
    }
    assertThat(plan.toString()).contains(index).doesNotContain("Seq Scan on event");
  }
}
