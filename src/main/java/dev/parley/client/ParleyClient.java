package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.client.Transport.Question;
import dev.parley.client.Transport.Repeat;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and channels of one environment of a server. May be used by any number of threads;
 * methods wait for their answer, tails do not.
 *
 * <p>All methods throw {@link RefusedException} when the server refuses, {@link
 * NotAnsweringException} when nobody answers, {@link UnexpectedAnswerException} when it is not
 * Parley that does, and {@link ParleyException} when their thread is interrupted. Before that, what
 * may pass (429, 503, a lost connection) is tried again for as long as the client is patient, when
 * a repetition can't do anything twice.
 */
public final class ParleyClient {
  private static final String SESSIONS = "/api/v1/sessions";
  private static final String EXPORT = "/api/v1/export";
  private static final String IMPORT = "/api/v1/import";
  private static final String WAITPOINTS = "/api/v1/waitpoints/tokens";

  /** As a header has it. */
  private static final Pattern PART_ID = Pattern.compile("[!-~](?:[ -~]*[!-~])?");

  /** A server knows part ids for five minutes; behind that a repetition could store twice. */
  private static final Duration LONGEST_APPEND = Duration.ofMinutes(4);

  /** Servers give a sign of life every 5 to 15 seconds (trigger.md section 4.4). */
  private static final Duration DEAD_AFTER = Duration.ofSeconds(30);

  private final Transport transport;
  private final Duration limit;
  private final Duration patience;

  private ParleyClient(Builder builder) {
    this.transport =
        new Transport(builder.origin, builder.credential, builder.connectLimit, Threads.create());
    this.limit = builder.limit;
    this.patience = builder.patience;
  }

  /**
   * A client to be.
   *
   * @param url of the server, such as {@code https://parley.example.com}
   * @param credential the secret key, or a public token, which may do what its scopes say
   * @throws IllegalArgumentException when the URL is none of HTTP, or the credential holds
   *     characters that no header may; the text does not repeat it
   */
  public static Builder builder(String url, String credential) {
    return new Builder(url, credential);
  }

  /** How a client behaves. */
  public static final class Builder {
    private static final Pattern CREDENTIAL = Pattern.compile("[!-~]+");

    private final String origin;
    private final String credential;
    private Duration connectLimit = Duration.ofSeconds(5);
    private Duration limit = Duration.ofSeconds(30);
    private Duration patience = Duration.ofMinutes(1);

    private Builder(String url, String credential) {
      URI uri = URI.create(url);
      if (!("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          || uri.getHost() == null) {
        throw new IllegalArgumentException("'" + url + "' is no URL such as https://host:port");
      }
      if (!CREDENTIAL.matcher(credential).matches()) {
        throw new IllegalArgumentException(
            "The credential can't be sent, it holds characters that no header may");
      }
      this.origin = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      this.credential = credential;
    }

    /** How long a connection may take to come about; 5 s by default. */
    public Builder connectWithin(Duration limit) {
      this.connectLimit = limit;
      return this;
    }

    /** How long one answer may take to come; 30 s by default. */
    public Builder answerWithin(Duration limit) {
      this.limit = limit;
      return this;
    }

    /**
     * How long to try again what has failed in passing, and how long a tail that has lost its
     * server tries to find it; one minute by default. Zero tries once.
     */
    public Builder patience(Duration patience) {
      this.patience = patience;
      return this;
    }

    public ParleyClient build() {
      return new ParleyClient(this);
    }
  }

  /** Creates a session, or finds the one that has this external id already. */
  public CreatedSession create(NewSession session) {
    Repeat repeat = session.isIdempotent() ? Repeat.ALWAYS : Repeat.IF_UNDONE;
    JsonNode answer = ask("POST", SESSIONS, session.json(), repeat);
    return new CreatedSession(
        session(answer),
        answer.path("isCached").asBoolean(),
        answer.path("publicAccessToken").asText());
  }

  /**
   * A session as it is now.
   *
   * @param key its friendly id or its external id
   */
  public Session get(String key) {
    return session(ask("GET", path(key), null, Repeat.ALWAYS));
  }

  /** Sessions, the newest first; pages are read as the stream is. */
  public Stream<Session> list(SessionFilter filter) {
    Pages pages =
        new Pages(
            after -> ask("GET", SESSIONS + filter.query(after), null, Repeat.ALWAYS),
            this::session);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  /** Changes a session, and says what it is then. */
  public Session update(String key, SessionChange change) {
    return session(ask("PATCH", path(key), change.json(), Repeat.ALWAYS));
  }

  /** Closes a session without saying why. */
  public Session close(String key) {
    return close(key, null);
  }

  /**
   * Closes a session for good. One that was closed before keeps the time and the reason of that.
   *
   * @param reason up to 256 characters; null for none
   */
  public Session close(String key, @Nullable String reason) {
    ObjectNode body = Json.object();
    if (reason != null) {
      body.put("reason", reason);
    }
    return session(ask("POST", path(key) + "/close", body.toString(), Repeat.ALWAYS));
  }

  /** Appends a record under an id that nobody else uses. */
  public long append(Channel channel, String data) {
    return append(channel, data, UUID.randomUUID().toString());
  }

  /**
   * Appends a record. Under the id of an earlier record of the stream nothing is stored and the
   * answer is that record's number: repeating an append whose answer was lost is safe, within five
   * minutes.
   *
   * @param data any text, up to 1 MiB with its envelope; JSON is what SDKs expect on {@code .in}
   * @param partId printable ASCII, with no space at its ends
   * @return the record's number
   * @throws IllegalArgumentException when the id can't be sent as it is
   */
  public long append(Channel channel, String data, String partId) {
    if (!PART_ID.matcher(partId).matches()) {
      throw new IllegalArgumentException("'" + partId + "' is no part id: printable ASCII");
    }
    Duration longest = patience.compareTo(LONGEST_APPEND) < 0 ? patience : LONGEST_APPEND;
    JsonNode answer =
        transport.ask(
            new Question(
                "POST",
                channel.path() + "/append",
                data,
                Map.of("X-Part-Id", partId),
                Repeat.ALWAYS,
                limit,
                longest));
    if (!answer.path("seq").isIntegralNumber()) {
      throw unexpected("an append with no number");
    }
    return answer.path("seq").longValue();
  }

  /**
   * Reads what there is, and waits for nothing.
   *
   * @param from the first wanted number; what was trimmed away before it is passed by
   * @param max how many records at most, from 1 on
   */
  public List<ChannelRecord> read(Channel channel, long from, int max) {
    Collected collected = new Collected(max);
    read(channel, from).subscribe(collected);
    return collected.await();
  }

  /** Like {@link #tail(Channel, long)}, but comes to its end where the stream does. */
  public Flow.Publisher<ChannelRecord> read(Channel channel, long from) {
    return records(channel, atLeastZero(from), false, DEAD_AFTER);
  }

  /**
   * Follows a stream from a number on, without an end: past the end of the session, too, until the
   * subscriber cancels. Every subscriber gets each record once and in order, as many as it asks
   * for, and while it asks for none the server waits. When the connection breaks or the node
   * leaves, the tail goes on behind the last record; {@code onError} comes when the server refuses
   * for good, or when it could not be reached for as long as the client is patient. Signals come on
   * threads of the client.
   *
   * @param from the first wanted number; what was trimmed away before it is passed by
   */
  public Flow.Publisher<ChannelRecord> tail(Channel channel, long from) {
    return records(channel, atLeastZero(from), true, DEAD_AFTER);
  }

  /** Follows a stream from its end on: only what is written after the server was asked. */
  public Flow.Publisher<ChannelRecord> tailFromNow(Channel channel) {
    return records(channel, Tail.FROM_NOW, true, DEAD_AFTER);
  }

  Flow.Publisher<ChannelRecord> records(
      Channel channel, long from, boolean endless, Duration deadAfter) {
    return new Tail(transport, new Tail.Spec(channel, from, endless, deadAfter, patience));
  }

  /**
   * Makes something to wait for, which times out when nobody completes it. With the secret key
   * only.
   *
   * @param timeout at least a second
   * @return its id, which those who wait and the one who completes it need
   */
  public String createWaitpoint(Duration timeout) {
    // With a key of its own, a repetition finds what the first request has made.
    ObjectNode body =
        Json.object()
            .put("timeout", timeout.toSeconds() + "s")
            .put("idempotencyKey", UUID.randomUUID().toString());
    return ask("POST", WAITPOINTS, body.toString(), Repeat.ALWAYS).path("id").asText();
  }

  /** Completes a waitpoint, unless it has ended already. */
  public void completeWaitpoint(String id, JsonNode output) {
    String body = Json.object().set("data", output).toString();
    ask("POST", WAITPOINTS + "/" + Paths.segment(id) + "/complete", body, Repeat.ALWAYS);
  }

  /**
   * Waits until a waitpoint has ended, and says what it is then.
   *
   * @param atMost how long to wait; after that it is said what it is while it waits
   */
  public Waitpoint awaitWaitpoint(String id, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      long left = Math.max(0, deadline - System.nanoTime());
      // Rounded up, and answered well before the client would stop waiting for the answer.
      long seconds = Math.min((left + 999_999_999) / 1_000_000_000, limit.toSeconds() / 2);
      String path = WAITPOINTS + "/" + Paths.segment(id) + "?wait=" + seconds;
      Waitpoint waitpoint =
          Waitpoint.of(ask("GET", path, null, Repeat.ALWAYS))
              .orElseThrow(() -> unexpected("no waitpoint where one is due"));
      if (waitpoint.status() != Waitpoint.Status.WAITING || left == 0) {
        return waitpoint;
      }
    }
  }

  /**
   * Copies sessions with all their records, as lines of JSON in the form of {@code
   * src/docs/export-format.md}. An export that broke off lacks the last line, which says that it is
   * the end. Asked for once; to be closed.
   *
   * @param query which sessions, such as {@code type=chat&tag=a}; empty for all
   */
  public InputStream exportSessions(String query) {
    return transport.open(EXPORT + (query.isEmpty() ? "" : "?" + query));
  }

  /**
   * Puts the sessions of an export in their places, with the numbers of their records. What is
   * there already stays as it is, so it can be done again.
   *
   * @param lines of an export, read to their end
   * @return what has come of them
   */
  public JsonNode importSessions(InputStream lines) {
    return transport.post(IMPORT, "application/x-ndjson", lines);
  }

  /**
   * Asks what has no method here, such as a route of the administration. Only a GET is tried again.
   *
   * @param path with its query, from the slash behind the host on
   * @param body null for none
   * @param within how long the answer may take
   */
  public JsonNode ask(String method, String path, @Nullable JsonNode body, Duration within) {
    return transport.ask(
        new Question(
            method,
            path,
            body == null ? null : body.toString(),
            Map.of("Content-Type", "application/json"),
            method.equals("GET") ? Repeat.ALWAYS : Repeat.IF_UNDONE,
            within,
            patience));
  }

  private JsonNode ask(String method, String path, @Nullable String body, Repeat repeat) {
    return transport.ask(
        new Question(
            method,
            path,
            body,
            Map.of("Content-Type", "application/json"),
            repeat,
            limit,
            patience));
  }

  private Session session(JsonNode json) {
    return Session.of(json).orElseThrow(() -> unexpected("no session where one is due"));
  }

  private UnexpectedAnswerException unexpected(String answer) {
    return new UnexpectedAnswerException(transport.origin(), answer);
  }

  private static String path(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("The id of a session can't be empty");
    }
    return SESSIONS + "/" + Paths.segment(key);
  }

  private static long atLeastZero(long from) {
    if (from < 0) {
      throw new IllegalArgumentException("Numbers begin at 0, not " + from);
    }
    return from;
  }
}
