package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageSettingsTest {
  private static final Path DATA = Path.of("/data");

  private static StorageSettings settings(boolean alone, Map<String, String> values) {
    return new StorageSettings(
        ConfigFactory.parseMap(values)
            .withFallback(ConfigFactory.load().getConfig("parley.storage")),
        DATA,
        alone);
  }

  @Test
  void a_single_node_keeps_files_in_its_data_directory() {
    StorageSettings alone = settings(true, Map.of());
    alone.check();
    assertThat(alone.inDirectory()).isTrue();
    assertThat(alone.directory()).isEqualTo(DATA.resolve("files"));
    assertThat(alone.limits().maxFileBytes()).isEqualTo(10_485_760);
  }

  @Test
  void several_nodes_keep_files_where_all_reach_them() {
    assertThat(settings(false, Map.of()).inDirectory()).isFalse();
    StorageSettings shared = settings(false, Map.of("directory", "/shared"));
    assertThat(shared.inDirectory()).isTrue();
    assertThat(shared.directory()).isEqualTo(Path.of("/shared"));
    assertThat(settings(true, Map.of("files-in", "database")).inDirectory()).isFalse();
    assertThatThrownBy(settings(false, Map.of("files-in", "directory"))::check)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PARLEY_STORAGE_DIRECTORY");
  }

  @Test
  void what_is_wrong_is_named() {
    assertThatThrownBy(settings(true, Map.of("files-in", "tape"))::check)
        .hasMessageContaining("PARLEY_STORAGE");
    assertThatThrownBy(settings(true, Map.of("max-file-size", "1GiB"))::check)
        .hasMessageContaining("max-file-size");
    assertThatThrownBy(settings(true, Map.of("upload-within", "1ms"))::check)
        .hasMessageContaining("upload-within");
    assertThatThrownBy(settings(true, Map.of("max-under-way", "0"))::check)
        .hasMessageContaining("max-under-way");
  }
}
