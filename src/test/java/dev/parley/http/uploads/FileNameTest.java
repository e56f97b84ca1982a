package dev.parley.http.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
  @ParameterizedTest
  @CsvSource({
    "report.pdf, report.pdf",
    "../../etc/passwd, passwd",
    "'C:\\Users\\me\\a.png', a.png",
    "/, file",
    "'', file",
    "'  ', file",
    "'a\u0000b\r\nc.txt', abc.txt",
    "'\u202Egnp.exe', gnp.exe",
    "Übung.txt, Übung.txt",
  })
  void only_a_harmless_last_part_stays(String sent, String kept) {
    assertThat(FileName.of(sent)).isEqualTo(kept);
  }

  @Test
  void a_long_name_is_cut() {
    assertThat(FileName.of("x".repeat(5_000))).hasSize(200);
  }

  @Test
  void no_name_ends_its_header() {
    String header = FileName.disposition(false, "a\"; filename=evil.html\\ ü*.txt");
    assertThat(header)
        .isEqualTo(
            "attachment; filename=\"a_; filename=evil.html_ _*.txt\";"
                + " filename*=UTF-8''a%22%3B%20filename%3Devil.html%5C%20%C3%BC%2A.txt");
  }
}
