package dev.parley.ops.logs;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How the lines of the log look. */
public enum LogFormat {
  /** Lines for people, as {@code logback.xml} has them. */
  TEXT,
  /** One JSON object a line, see {@link JsonLines}. */
  JSON;

  /** The appender that leaves out stack traces. */
  private static final String WITHOUT_STACK_TRACES = "ONE_LINE";

  /**
   * From now on the log of this process is written so, what libraries write by the JDK's own
   * logging included, and as JSON what they print, too. To be called once, when nobody else writes
   * yet.
   */
  public void use() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    write((LoggerContext) LoggerFactory.getILoggerFactory());
    if (this == JSON) {
      PrintedLines printed = new PrintedLines(LoggerFactory.getLogger("stdout"));
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }
  }

  /** Has all appenders that write somewhere write so. */
  void write(LoggerContext context) {
    if (this == JSON) {
      appenders(context).forEach(appender -> write(context, appender));
    }
  }

  /** All that write somewhere. */
  static Set<OutputStreamAppender<ILoggingEvent>> appenders(LoggerContext context) {
    Set<OutputStreamAppender<ILoggingEvent>> all = new LinkedHashSet<>();
    for (Logger logger : context.getLoggerList()) {
      for (Iterator<Appender<ILoggingEvent>> each = logger.iteratorForAppenders();
          each.hasNext(); ) {
        if (each.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
          all.add(appender);
        }
      }
    }
    return all;
  }

  private static void write(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
    Encoder<ILoggingEvent> before = appender.getEncoder();
    JsonLines lines = new JsonLines(!WITHOUT_STACK_TRACES.equals(appender.getName()));
    lines.setContext(context);
    lines.start();
    appender.setEncoder(lines);
    before.stop();
  }
}
