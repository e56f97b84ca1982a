package dev.parley.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The live objects of another JVM. */
final class Heap {
  private Heap() {}

  /** Bytes that survive a full collection. */
  static long liveBytes(long pid) throws IOException {
    String output = histogram(pid);
    String[] total = output.substring(output.lastIndexOf("Total")).trim().split("\\s+");
    return Long.parseLong(total[2]);
  }

  /** Objects of a class that survive a full collection. */
  static long instances(long pid, String className) throws IOException {
    for (String line : histogram(pid).split("\n")) {
      String[] columns = line.trim().split("\\s+");
      if (columns.length > 3 && columns[3].equals(className)) {
        return Long.parseLong(columns[1]);
      }
    }
    return 0;
  }

  private static String histogram(long pid) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
