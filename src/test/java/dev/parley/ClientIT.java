package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.Channel;
import dev.parley.client.ChannelRecord;
import dev.parley.client.NewSession;
import dev.parley.client.ParleyClient;
import dev.parley.client.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our own client, when the server dies, stops and comes back. */
class ClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Channel OUT = Channel.out("client/it");

  @TempDir Path directory;

  @Test
  void appends_are_stored_once_and_tails_go_on_when_the_server_is_killed_and_restarted()
      throws Exception {
    try (ParleyProcess server = ParleyProcess.start(directory)) {
      ParleyClient parley =
          ParleyClient.builder(server.baseUrl().toString(), ParleyProcess.SECRET_KEY)
              .patience(Duration.ofMinutes(2))
              .build();
      parley.create(NewSession.of("chat", "client-it").externalId(OUT.session()));
      Received live = Received.of(parley.tail(OUT, 0)).request(Long.MAX_VALUE);
      Writer writer = new Writer(parley);
      writer.start();
      for (int round = 0; round < 3; round++) {
        writer.awaitMore(100);
        if (round == 1) {
          server.terminate();
        } else {
          server.kill9();
        }
        server.restart();
      }
      writer.awaitMore(100);
      int count = writer.finish();

      List<String> texts = IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
      assertThat(writer.numbers)
          .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(i -> (long) i).toList());
      assertThat(live.await(count).records())
          .extracting(ChannelRecord::text)
          .containsExactlyElementsOf(texts);
      assertThat(parley.read(OUT, 0, count + 1))
          .extracting(ChannelRecord::text)
          .containsExactlyElementsOf(texts);
      live.cancel();
    }
  }

  @Test
  void the_command_line_follows_a_channel_over_a_restart() throws Exception {
    try (ParleyProcess server = ParleyProcess.start(directory)) {
      ParleyClient parley =
          ParleyClient.builder(server.baseUrl().toString(), ParleyProcess.SECRET_KEY).build();
      parley.create(NewSession.of("chat", "client-it").externalId(OUT.session()));
      Path lines = directory.resolve("lines");
      Process tail = commandLine(server, lines, "sessions", "tail", OUT.session(), "--follow");
      try {
        for (int i = 0; i < 3; i++) {
          parley.append(OUT, "text " + i);
          String end = "  text " + i + "\n";
          assertThat(Eventually.within(LIMIT, () -> read(lines).endsWith(end)))
              .as("%s in%n%s", end, read(lines))
              .isTrue();
          server.kill9();
          server.restart();
        }
        assertThat(read(lines).lines().map(line -> line.replaceAll(" .*  ", " ")))
            .containsExactly("0 text 0", "1 text 1", "2 text 2");
      } finally {
        tail.destroy();
      }
    }
  }

  private static Process commandLine(ParleyProcess server, Path out, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(System.getProperty("parley.jar", "target/parley.jar"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PARLEY_URL", server.baseUrl().toString());
    builder.environment().put("PARLEY_SECRET_KEY", ParleyProcess.SECRET_KEY);
    return builder.start();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends one record after the other. */
  private static final class Writer extends Thread {
    private final ParleyClient parley;
    private final List<Long> numbers = new CopyOnWriteArrayList<>();
    private volatile boolean finishing;
    private volatile Throwable failure;

    private Writer(ParleyClient parley) {
      super("writer");
      this.parley = parley;
      setDaemon(true);
      setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
    }

    @Override
    public void run() {
      while (!finishing) {
        numbers.add(parley.append(OUT, "text " + numbers.size()));
      }
    }

    private void awaitMore(int count) {
      int wanted = numbers.size() + count;
      assertThat(Eventually.within(LIMIT, () -> numbers.size() >= wanted || failure != null))
          .isTrue();
      assertThat(failure).isNull();
    }

    private int finish() throws InterruptedException {
      finishing = true;
      join(LIMIT.toMillis());
      assertThat(failure).isNull();
      return numbers.size();
    }
  }
}
