package dev.parley;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.auth.SecretKeyFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may enter which room. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.parley");

  private static final List<String> FACES =
      List.of(
          "http.sessions",
          "http.channels",
          "http.s2",
          "http.messaging",
          "http.docs",
          "http.web",
          "http.widget",
          "http.agents",
          "http.admin",
          "http.uploads",
          "http.console",
          "http.transfer");

  private static final String LOGIN = "dev.parley.http.web.BrowserLogin";

  static Stream<Arguments> rooms() {
    return Stream.of(
        Arguments.of("session", List.of()),
        Arguments.of("tracing", List.of()),
        Arguments.of("journal", List.of("session")),
        Arguments.of("entity", List.of("session", "journal", "tracing")),
        Arguments.of("storage", List.of("session", "journal")),
        Arguments.of("projection", List.of("session", "journal", "storage")),
        Arguments.of("auth", List.of("session")),
        Arguments.of("agent", List.of("session", "entity")),
        Arguments.of("client", List.of()),
        Arguments.of("cli", List.of("auth", "client")),
        Arguments.of(
            "http",
            List.of("session", "entity", "projection", "auth", "agent", "storage", "tracing")));
  }

  @ParameterizedTest(name = "{0} uses only {1} of the other rooms")
  @MethodSource("rooms")
  void a_room_uses_only_the_rooms_it_may(String room, List<String> allowed) {
    String[] others =
        rooms()
            .map(rule -> (String) rule.get()[0])
            .filter(other -> !other.equals(room) && !allowed.contains(other))
            .map(other -> "dev.parley." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that(resideInAPackage("dev.parley." + room + ".."))
        .should()
        .dependOnClassesThat(resideInAnyPackage(others).or(resideInAPackage("dev.parley")))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void the_core_knows_the_jdk_alone() {
    classes()
        .that()
        .resideInAPackage("dev.parley.session")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.parley.session", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void the_core_has_no_clock_of_its_own() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.session")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(CLASSES);
  }

  /** Uploads know of browsers who they are, and nothing else. */
  @Test
  void a_face_does_not_know_another_face() {
    for (String face : FACES) {
      String[] others =
          FACES.stream()
              .filter(other -> !other.equals(face))
              .map(other -> "dev.parley." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.parley." + face + "..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(others)
                  .and(
                      DescribedPredicate.not(
                          DescribedPredicate.describe(
                              "who a browser is", known -> known.getName().startsWith(LOGIN)))))
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  /** Its sessions are messaging sessions, and its users are those of the web runtime. */
  @Test
  void the_webchat_knows_of_the_faces_messaging_and_web_alone() {
    String[] others =
        FACES.stream()
            .filter(face -> !face.equals("http.messaging") && !face.equals("http.web"))
            .map(face -> "dev.parley." + face + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage("dev.parley.http.webchat..", "dev.parley.http.ws..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.parley.http.webchat..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.parley.http.ws..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(
            FACES.stream().map(face -> "dev.parley." + face + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.parley.http.webchat..", "dev.parley.http.ws..")
        .check(CLASSES);
  }

  @Test
  void only_the_opening_of_websockets_knows_the_frames_of_pekko_http() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.parley.http.ws..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko.http.impl..")
        .check(CLASSES);
  }

  @Test
  void the_client_knows_neither_the_server_nor_what_it_is_made_of() {
    classes()
        .that()
        .resideInAPackage("dev.parley.client..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.parley.client..", "java..", "com.fasterxml.jackson..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void the_command_line_knows_of_the_server_its_client_and_where_it_keeps_its_key() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.cli..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.parley..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage("dev.parley.cli..", "dev.parley.client..")
                            .or(
                                DescribedPredicate.describe(
                                    "SecretKeyFile",
                                    known -> known.isEquivalentTo(SecretKeyFile.class))))))
        .check(CLASSES);
  }

  /** It carries events whose meaning is not its business. */
  @Test
  void socket_io_knows_only_what_all_faces_share() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.http.socketio..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.parley..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "dev.parley.http.socketio..", "dev.parley.http.shared.."))))
        .check(CLASSES);
  }

  @Test
  void only_the_entity_and_the_registry_of_agents_persist_events() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.parley.entity..", "dev.parley.agent.registry..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko.persistence.typed..")
        .check(CLASSES);
  }

  @Test
  void every_room_says_what_it_is_for() {
    long rooms = CLASSES.stream().map(c -> c.getPackageName()).distinct().count();
    long described = CLASSES.stream().filter(c -> c.getSimpleName().equals("package-info")).count();
    String[] packages =
        CLASSES.stream().map(c -> c.getPackageName()).distinct().toArray(String[]::new);
    // Generated code has none.
    long generated = Arrays.stream(packages).filter(name -> name.endsWith(".proto")).count();
    org.assertj.core.api.Assertions.assertThat(described).isEqualTo(rooms - generated);
  }
}
