package dev.parley.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a statement ends and its data begin. */
class ClickHouseStatementTest {
  private static ClickHouseStatement parse(String text) {
    return ClickHouseStatement.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "insert into t format TSV\\nA|insert into t |TSV|A",
        "INSERT INTO t FORMAT JSONEachRow {}|INSERT INTO t |JSONEachRow|{}",
        "INSERT INTO t (format, b) FORMAT\\nTSV\\n\\nA|INSERT INTO t (format, b) |TSV|\\nA",
        "/* FORMAT a */ INSERT INTO `a format b` FORMAT TSV|/* FORMAT a */ INSERT INTO `a format b`"
            + " |TSV|",
        "INSERT INTO t SETTINGS a = 'FORMAT x' FORMAT TSV ; select|INSERT INTO t SETTINGS a ="
            + " 'FORMAT x' |TSV|; select",
        "INSERT INTO t VALUES (1, ';')|INSERT INTO t |Values| (1, ';')",
      })
  void the_data_of_an_insert_follow_its_format(
      String source, String text, String format, String data) {
    ClickHouseStatement statement = parse(source.replace("\\n", "\n"));
    assertThat(text(statement.text())).isEqualTo(text);
    assertThat(statement.format()).isEqualTo(format);
    assertThat(text(statement.data())).isEqualTo(data == null ? "" : data.replace("\\n", "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select 1|",
        "select 1 format JSON|JSON",
        "select format('{}', ' format b ') as format;  -- format c|",
        "insert into t select ';' format Null;|Null",
        "select 'it\\'s ; format a', \"format b\", `format c` /* ; */ ;|",
      })
  void other_statements_have_no_data(String source, String format) {
    ClickHouseStatement statement = parse(source);
    assertThat(statement.insertsData()).isFalse();
    assertThat(text(statement.text())).isEqualTo(source);
    assertThat(statement.format()).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select 1; select 2", "select 1; ;(", "insert into t", "drop table a;'b'"})
  void one_whole_statement_is_taken(String source) {
    assertThatThrownBy(() -> parse(source))
        .isInstanceOfSatisfying(
            ClickHouseError.class,
            error -> {
              assertThat(error.code()).isEqualTo(62);
              assertThat(error.status()).isEqualTo(400);
            });
  }

  @Test
  void long_texts_in_quotes_and_data_of_any_bytes_are_passed_over() {
    String quoted = "'" + "a\\'é".repeat(1_000_000) + "'";
    assertThat(parse("select " + quoted).insertsData()).isFalse();

    byte[] head = "INSERT INTO t FORMAT RowBinary\n".getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + 256];
    System.arraycopy(head, 0, all, 0, head.length);
    for (int i = 0; i < 256; i++) {
      all[head.length + i] = (byte) i;
    }
    byte[] data = ClickHouseStatement.parse(all).data();
    assertThat(data).hasSize(256).startsWith(0, 1, 2, 3).endsWith(253, 254, 255);
  }
}
