package dev.parley.ops.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** The log as {@code conf/logback.xml} has it, in either format. */
class LogFormatTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private interface Writing {
    void write(LoggerContext context);
  }

  private static List<String> lines(LogFormat format, Writing writing) throws Exception {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(new File("conf/logback.xml"));
    format.write(context);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LogFormat.appenders(context).forEach(appender -> appender.setOutputStream(bytes));
    writing.write(context);
    context.stop();
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static void write(LoggerContext context) {
    Logger ours = context.getLogger("dev.parley.Some");
    ours.info("Two lines\nand a \"quote\" of {}", "nobody");
    ours.atWarn().addKeyValue("request", "r-1").addKeyValue("session", "s 1").log("about one");
    ours.error("failed", new IllegalStateException("why"));
    context
        .getLogger("org.apache.pekko.projection.Some")
        .warn("failed", new IllegalStateException("as expected"));
  }

  @Test
  void json_is_one_object_a_line() throws Exception {
    List<String> lines = lines(LogFormat.JSON, LogFormatTest::write);
    assertThat(lines).hasSize(4);
    JsonNode first = JSON.readTree(lines.get(0));
    assertThat(first.path("time").textValue())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(first.path("level").textValue()).isEqualTo("INFO");
    assertThat(first.path("logger").textValue()).isEqualTo("dev.parley.Some");
    assertThat(first.path("message").textValue()).isEqualTo("Two lines\nand a \"quote\" of nobody");
    assertThat(first.has("error")).isFalse();
    JsonNode second = JSON.readTree(lines.get(1));
    assertThat(second.path("request").textValue()).isEqualTo("r-1");
    assertThat(second.path("session").textValue()).isEqualTo("s 1");
    assertThat(JSON.readTree(lines.get(2)).path("error").textValue())
        .contains("IllegalStateException: why", "LogFormatTest");
    assertThat(JSON.readTree(lines.get(3)).has("error")).isFalse();
  }

  @Test
  void text_says_what_is_known_besides_behind_the_message() throws Exception {
    List<String> lines = lines(LogFormat.TEXT, LogFormatTest::write);
    assertThat(lines.get(0)).matches("\\S+Z INFO  dev.parley.Some - Two lines");
    assertThat(lines.get(2))
        .matches("\\S+Z WARN  dev.parley.Some - about one request=\"r-1\" session=\"s 1\"");
    assertThat(lines).contains("java.lang.IllegalStateException: why");
    assertThat(lines.get(lines.size() - 1)).endsWith("- failed");
  }
}
