package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PassedRowsTest {
  /** Else each look would read the whole journal, sessions and all. */
  @Test
  void what_is_to_go_is_found_by_its_index() throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = TestPostgres.connect(TestServer.database());
        Statement settings = connection.createStatement();
        PreparedStatement explain = connection.prepareStatement("explain " + PassedRows.REMOVE)) {
      // A table of a few rows is read as a whole all the same, unless that is not allowed.
      settings.execute("set enable_seqscan = off");
      explain.setString(1, "HandOff");
      explain.setLong(2, 1);
      explain.setLong(3, 1);
      explain.setInt(4, 1);
      try (ResultSet lines = explain.executeQuery()) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
    }
    assertThat(plan.toString())
        .contains("event_journal_passing")
        .doesNotContain("Seq Scan on event");
  }
}
