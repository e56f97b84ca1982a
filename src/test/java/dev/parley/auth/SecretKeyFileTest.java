package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretKeyFileTest {
  private static final String KEY = "tr_dev_sk_0123456789abcdefghijklMN";

  @TempDir Path dataDir;

  @Test
  void makes_a_key_for_which_the_published_client_asks_the_server_to_mint() throws IOException {
    assertThat(SecretKeyFile.loadOrCreate(dataDir))
        .matches("^tr_(dev|stg|prod|preview)_sk_[0-9a-zA-Z]{24}$");
  }

  @Test
  void keeps_the_key_over_a_restart() throws IOException {
    String first = SecretKeyFile.loadOrCreate(dataDir);
    assertThat(SecretKeyFile.loadOrCreate(dataDir)).isEqualTo(first);
  }

  @Test
  void makes_another_key_in_another_directory_and_the_directory_too() throws IOException {
    assertThat(SecretKeyFile.loadOrCreate(dataDir.resolve("a/b")))
        .isNotEqualTo(SecretKeyFile.loadOrCreate(dataDir));
  }

  @Test
  void leaves_one_file_that_only_its_owner_may_read() throws IOException {
    SecretKeyFile.loadOrCreate(dataDir);
    assertThat(filesIn(dataDir)).containsExactly(file());
    assertThat(permissions()).isEqualTo("rw-------");
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r--r--, rw-------",
    "rwxrwxrwx, rw-------",
    "rw-rw----, rw-------",
    "r--------, r--------"
  })
  void tightens_wider_permissions_and_leaves_narrower_ones(String before, String after)
      throws IOException {
    Files.writeString(file(), KEY + "\n");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(before));
    assertThat(SecretKeyFile.loadOrCreate(dataDir)).isEqualTo(KEY);
    assertThat(permissions()).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "tr_dev_sk_short", KEY + "x", KEY + "\n" + KEY, "\0\0", "ÿþ", "secret"})
  void names_the_file_and_the_remedy_when_it_holds_no_key(String content) throws IOException {
    Files.writeString(file(), content);
    assertThatThrownBy(() -> SecretKeyFile.loadOrCreate(dataDir))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining("delete it")
        .hasMessageNotContaining(KEY);
    assertThat(file()).hasContent(content);
  }

  @Test
  void starts_at_the_same_time_never_see_half_a_key_and_leave_one_file() throws IOException {
    List<String> keys =
        Stream.generate(() -> dataDir).limit(16).parallel().map(SecretKeyFileTest::load).toList();
    assertThat(load(dataDir)).isIn(keys);
    assertThat(filesIn(dataDir)).containsExactly(file());
  }

  private static String load(Path dataDir) {
    try {
      return SecretKeyFile.loadOrCreate(dataDir);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path file() {
    return dataDir.resolve("secret-key");
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
