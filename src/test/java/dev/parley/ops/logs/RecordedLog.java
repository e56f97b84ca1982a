package dev.parley.ops.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** All that this process logs from now on, more of it than a server shows, in either format. */
final class RecordedLog extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

  private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
  private final Logger ours = CONTEXT.getLogger("dev.parley");
  private final Level before = ours.getLevel();

  RecordedLog() {
    setContext(CONTEXT);
    start();
    ours.setLevel(Level.DEBUG);
    CONTEXT.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    events.add(event);
  }

  /** As {@code logback.xml} has it. */
  String text() throws JoranException {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(new File("conf/logback.xml"));
    OutputStreamAppender<ILoggingEvent> appender =
        (OutputStreamAppender<ILoggingEvent>)
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
    String text = written(appender.getEncoder());
    context.stop();
    return text;
  }

  String json() {
    return written(new JsonLines(true));
  }

  private String written(Encoder<ILoggingEvent> encoder) {
    return events.stream()
        .map(event -> new String(encoder.encode(event), StandardCharsets.UTF_8))
        .collect(Collectors.joining());
  }

  @Override
  public void close() {
    CONTEXT.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(this);
    ours.setLevel(before);
    stop();
  }
}
