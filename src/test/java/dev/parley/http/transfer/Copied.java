package dev.parley.http.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.Header;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.WaitpointId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** Sessions with anything in them, and exports and imports of them over the wire. */
final class Copied {
  static final List<Channel> CHANNELS =
      List.of(
          Channel.IN,
          Channel.OUT,
          new Channel("side", Direction.OUT),
          new Channel("Side.2", Direction.IN));

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Copied() {}

  static SessionReply ask(SessionId session, SessionCommand command) {
    return TestServer.sessions().ask(session, command).toCompletableFuture().join();
  }

  /** The lines of an export of the first tenant. */
  static List<String> export(String query) {
    return export(query, TestServer.ACME_KEY);
  }

  static List<String> export(String query, String key) {
    Answer answer = Wire.get("/api/v1/export?" + query).as(key).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(answer.body()).endsWith("\n");
    return answer.body().lines().toList();
  }

  /** In pieces, as clients send what is large. */
  static Answer load(List<String> lines, String key) {
    String body = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    try {
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(TestServer.origin() + "/api/v1/import"))
                  .header("Authorization", "Bearer " + key)
                  .POST(
                      HttpRequest.BodyPublishers.ofInputStream(
                          () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), Headers.of(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** What came of an import to the first tenant. */
  static JsonNode loaded(List<String> lines) {
    Answer answer = load(lines, TestServer.ACME_KEY);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  /** Without what tells when and from where. */
  static List<String> content(List<String> lines) {
    return lines.subList(1, lines.size());
  }

  static void purge(SessionId session) {
    assertThat(ask(session, new SessionCommand.Purge())).isInstanceOf(SessionReply.Purged.class);
  }

  static RecordContent content(Random random, int maxBytes) {
    byte[] body = new byte[random.nextInt(maxBytes)];
    random.nextBytes(body);
    List<Header> headers = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      byte[] name = new byte[1 + random.nextInt(5)];
      byte[] value = new byte[random.nextInt(5)];
      random.nextBytes(name);
      random.nextBytes(value);
      headers.add(new Header(Bytes.wrap(name), Bytes.wrap(value)));
    }
    return new RecordContent(headers, Bytes.wrap(body));
  }

  static SessionReply append(
      SessionId session, Channel channel, List<RecordContent> records, PartId partId) {
    return ask(
        session,
        new Append(
            channel,
            records.stream().map(record -> new Draft(null, record)).toList(),
            partId,
            null,
            null,
            false));
  }

  private static RecordContent command(String name, byte[] body) {
    return new RecordContent(List.of(new Header(Bytes.EMPTY, Bytes.utf8(name))), Bytes.wrap(body));
  }

  /** Creates a session without an external id. */
  static void create(SessionId session, String tag) {
    ask(
        session,
        new SessionCommand.Create(
            null, "chat", "task", "{}", List.of(tag), null, null, null, null, "run_1"));
  }

  /** A new session of the first tenant, which takes records. */
  static SessionId open(String tag) {
    SessionId session = SessionId.random(TestServer.ACME);
    create(session, tag);
    return session;
  }

  /** A session of the first tenant, with or without an external id. */
  static SessionId random(Random random, String tag) {
    String externalId = random.nextInt(3) == 0 ? null : "copy " + random.nextLong();
    SessionId session =
        externalId == null
            ? SessionId.random(TestServer.ACME)
            : SessionId.ofExternal(TestServer.ACME, externalId);
    boolean messaging = random.nextInt(3) == 0;
    ask(
        session,
        new SessionCommand.Create(
            externalId,
            messaging ? SessionInfo.MESSAGING : "chat",
            "task",
            "{\"basePayload\" : {\"n\":1.50}}",
            List.of(tag, "user:x"),
            random.nextBoolean() ? null : "{\"k\":\"é😀\"}",
            messaging ? null : end(random),
            messaging ? new TimeoutPolicy(600.5, random.nextBoolean(), 1_000, 2) : null,
            null,
            "run_1"));
    for (int step = random.nextInt(30); step > 0; step--) {
      step(random, session);
    }
    if (random.nextInt(4) == 0) {
      ask(session, new SessionCommand.Close("done", null, "record"));
    }
    return session;
  }

  /** None, one to come, or one that has passed when the session is asked next. */
  private static @Nullable Instant end(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Instant.now().plusSeconds(90_000);
      case 1 -> Instant.now();
      default -> null;
    };
  }

  private static void step(Random random, SessionId session) {
    Channel channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
    switch (random.nextInt(12)) {
      case 0 ->
          append(
              session,
              channel,
              List.of(command("trim", ByteBuffer.allocate(8).putLong(random.nextInt(20)).array())),
              null);
      case 1 -> append(session, channel, List.of(command("fence", new byte[] {'f'})), null);
      case 2 ->
          ask(
              session,
              new SessionCommand.Wait(
                  WaitpointId.mint(session),
                  random.nextBoolean() ? null : channel,
                  random.nextInt(40),
                  Instant.now().plusSeconds(80_000),
                  List.of("w"),
                  "key " + random.nextInt(),
                  Instant.now().plusSeconds(80_000),
                  null,
                  false));
      case 3 -> ask(session, new SessionCommand.EndAndContinue("run_1", "run_2"));
      default -> {
        List<RecordContent> records = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(5); i++) {
          records.add(content(random, 300));
        }
        PartId part = random.nextBoolean() ? null : PartId.of("part " + random.nextInt());
        append(session, channel, records, part);
      }
    }
  }
}
