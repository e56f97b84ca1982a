package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
  @TempDir Path temporary;

  @Test
  void unpacks_again_only_what_a_power_failure_cut_short() throws IOException {
    PostgresBinaries shared = PostgresBinaries.below(TestPostgres.BINARIES);
    Path parent = temporary.toRealPath();
    TestPostgres.copy(shared.directory(), parent.resolve(shared.directory().getFileName()));

    PostgresBinaries binaries = PostgresBinaries.below(parent);
    Path program = binaries.program("pg_ctl");
    Object unpacked = Files.getAttribute(program, "unix:ino");
    PostgresBinaries.below(parent);
    assertThat(Files.getAttribute(program, "unix:ino")).isEqualTo(unpacked);

    Files.write(program, new byte[0]);
    PostgresBinaries.below(parent);
    assertThat(program).isExecutable().hasSameBinaryContentAs(shared.program("pg_ctl"));
  }

  @Test
  void other_versions_are_removed() throws IOException {
    Path older = Files.createDirectory(temporary.resolve("older"));
    Path current = Files.createDirectory(temporary.resolve("current"));
    Files.writeString(older.resolve("postgres"), "");
    new PostgresBinaries(current).removeOthers();
    assertThat(older).doesNotExist();
    assertThat(current).exists();
  }
}
