package dev.parley.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The live objects of another JVM. */
final class Heap {
  private Heap() {}

  /** Bytes that survive a full collection. */
  static long liveBytes(long pid) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String[] total = output.substring(output.lastIndexOf("Total")).trim().split("\\s+");
    return Long.parseLong(total[2]);
  }
}
