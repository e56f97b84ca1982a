package dev.parley.ops.alerts;

import io.sentry.Hint;
import io.sentry.RequestDetails;
import io.sentry.RequestDetailsResolver;
import io.sentry.SentryClient;
import io.sentry.SentryEnvelope;
import io.sentry.SentryEvent;
import io.sentry.SentryLevel;
import io.sentry.SentryOptions;
import io.sentry.protocol.Message;
import io.sentry.protocol.SentryException;
import io.sentry.protocol.SentryStackFrame;
import io.sentry.protocol.SentryStackTrace;
import io.sentry.transport.ITransport;
import io.sentry.transport.RateLimiter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events for Sentry. Its SDK makes them, their envelope and the address they go to; they are sent
 * as all alerts are, since the SDK forgets what could not be sent at once.
 */
public final class SentryChannel implements AlertChannel {
  private final SentryOptions options;
  private final SentryClient client;
  private final Envelopes envelopes = new Envelopes();
  private final RequestDetails address;

  SentryChannel(String dsn, String node, String environment) {
    options = new SentryOptions();
    options.setDsn(dsn);
    options.setServerName(node);
    options.setAttachServerName(false);
    options.setEnvironment(environment);
    options.setEnableUncaughtExceptionHandler(false);
    options.setSendDefaultPii(false);
    // That of the thread which sends says nothing.
    options.setAttachStacktrace(false);
    options.setAttachThreads(false);
    options.setTransportFactory((ignored, details) -> envelopes);
    client = new SentryClient(options);
    address = new RequestDetailsResolver(options).resolve();
  }

  /** Whether the SDK takes the text for a DSN. */
  public static boolean understands(String dsn) {
    try {
      new RequestDetailsResolver(dsn, null).resolve();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String name() {
    return "Sentry";
  }

  @Override
  public boolean takes(Alert.Kind kind) {
    return kind == Alert.Kind.ERROR || kind == Alert.Kind.WARNING;
  }

  @Override
  public HttpRequest request(Alert alert) throws IOException {
    byte[] envelope = envelopes.of(event(alert));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address.getUrl().toString()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(envelope));
    address
        .getHeaders()
        .forEach(
            (name, value) -> {
              // The client decides about the connection.
              if (!name.equalsIgnoreCase("Connection")) {
                request.header(name, value);
              }
            });
    return request.build();
  }

  private SentryEvent event(Alert alert) {
    SentryEvent event = new SentryEvent(Date.from(alert.at()));
    event.setLevel(alert.kind() == Alert.Kind.ERROR ? SentryLevel.ERROR : SentryLevel.WARNING);
    event.setLogger(alert.source());
    Message message = new Message();
    message.setFormatted(alert.text());
    event.setMessage(message);
    event.setExtra("repeats", alert.repeats());
    event.setServerName(options.getServerName());
    // Sentry wants the root cause first.
    List<SentryException> exceptions = new ArrayList<>();
    alert.causes().forEach(cause -> exceptions.add(0, exception(cause)));
    event.setExceptions(exceptions);
    return event;
  }

  private static SentryException exception(Alert.Cause cause) {
    SentryException exception = new SentryException();
    int dot = cause.type().lastIndexOf('.');
    exception.setType(cause.type().substring(dot + 1));
    exception.setModule(dot < 0 ? "" : cause.type().substring(0, dot));
    List<SentryStackFrame> frames = new ArrayList<>();
    for (StackTraceElement element : cause.frames()) {
      SentryStackFrame frame = new SentryStackFrame();
      frame.setModule(element.getClassName());
      frame.setFunction(element.getMethodName());
      frame.setFilename(element.getFileName());
      frame.setInApp(element.getClassName().startsWith("dev.parley."));
      if (element.getLineNumber() > 0) {
        frame.setLineno(element.getLineNumber());
      }
      frames.add(frame);
    }
    // The outermost call first.
    Collections.reverse(frames);
    exception.setStacktrace(new SentryStackTrace(frames));
    return exception;
  }

  /** Catches what the SDK would send. Used by the one thread that sends. */
  private final class Envelopes implements ITransport {
    private byte @Nullable [] caught;

    private byte[] of(SentryEvent event) throws IOException {
      caught = null;
      client.captureEvent(event, null, new Hint());
      if (caught == null) {
        throw new IOException("the SDK made no envelope");
      }
      return caught;
    }

    @Override
    public void send(SentryEnvelope envelope, Hint hint) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        options.getSerializer().serialize(envelope, bytes);
      } catch (Exception e) {
        throw new IOException("the envelope can't be written", e);
      }
      caught = bytes.toByteArray();
    }

    @Override
    public void flush(long timeoutMillis) {
      // Nothing waits here.
    }

    @Override
    public @Nullable RateLimiter getRateLimiter() {
      return null;
    }

    @Override
    public void close(boolean restarting) {
      // Nothing is open.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
