package dev.parley.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a call of the command line came to. */
record Called(int code, String out, String err) {
  static Called with(Map<String, String> environment, String... arguments) {
    return reading("", environment, arguments);
  }

  /** With something on standard input. */
  static Called reading(String input, Map<String, String> environment, String... arguments) {
    return with(
        () -> {
          throw new AssertionError("a server was to be asked");
        },
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        environment,
        arguments);
  }

  /** With a doctor for when no server answers. */
  static Called with(LocalExamination local, Map<String, String> environment, String... arguments) {
    return with(local, InputStream.nullInputStream(), environment, arguments);
  }

  private static Called with(
      LocalExamination local,
      InputStream in,
      Map<String, String> environment,
      String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CommandLine.run(
            List.of(arguments), new Console(environment, in, printing(out), printing(err)), local);
    return new Called(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream printing(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
