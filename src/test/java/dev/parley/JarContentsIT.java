package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the jar says of its own parts (src/docs/supply-chain.md). */
class JarContentsIT {
  private static final Path JAR = Path.of(System.getProperty("parley.jar", "target/parley.jar"));

  private static JarFile jar;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(JAR.toFile());
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  private static byte[] read(String entry) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return in.readAllBytes();
    }
  }

  private static String text(String entry) throws IOException {
    return new String(read(entry), StandardCharsets.UTF_8);
  }

  private static JsonNode billOfMaterials() throws IOException {
    String location = jar.getManifest().getMainAttributes().getValue("Sbom-Location");
    return new ObjectMapper().readTree(read(location));
  }

  /** In the form {@code group:name:version}. */
  private static List<String> components() throws IOException {
    List<String> all = new ArrayList<>();
    for (JsonNode each : billOfMaterials().get("components")) {
      all.add(
          "%s:%s:%s"
              .formatted(
                  each.get("group").textValue(),
                  each.get("name").textValue(),
                  each.get("version").textValue()));
    }
    return all;
  }

  @Test
  void the_bill_of_materials_names_what_is_in_the_jar_and_not_what_tests_use() throws Exception {
    assertThat(billOfMaterials().get("bomFormat").textValue()).isEqualTo("CycloneDX");
    assertThat(billOfMaterials().at("/metadata/component/name").textValue()).isEqualTo("parley");
    assertThat(components())
        .anyMatch(part -> part.startsWith("org.apache.pekko:pekko-persistence-typed_2.13:"))
        .anyMatch(part -> part.startsWith("org.postgresql:postgresql:"))
        .noneMatch(part -> part.contains("junit") || part.contains("testkit"));
    for (JsonNode each : billOfMaterials().get("components")) {
      assertThat(each.get("hashes")).as(each.get("name").textValue()).isNotEmpty();
    }
  }

  @Test
  void it_lies_beside_the_jar_as_well() throws Exception {
    Path beside = JAR.toAbsolutePath().resolveSibling("parley-sbom.json");
    assertThat(Files.readAllBytes(beside)).isEqualTo(read("META-INF/sbom/parley-sbom.json"));
  }

  @Test
  void every_part_is_listed_with_its_terms() throws Exception {
    List<String> lines = text("META-INF/THIRD-PARTY.txt").lines().toList();
    for (String part : components()) {
      assertThat(lines)
          .as(part)
          .filteredOn(line -> line.contains("(" + part + " "))
          .singleElement()
          .asString()
          .startsWith("     (");
    }
  }

  @Test
  void the_terms_and_notices_of_the_parts_are_there() throws Exception {
    assertThat(text("META-INF/LICENSE")).contains("Apache License", "Version 2.0");
    assertThat(text("META-INF/NOTICE")).contains("Apache Pekko", "Jackson");
  }
}
