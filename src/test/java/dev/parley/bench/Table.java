package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The figures of a run, as Markdown. */
final class Table {
  private final List<String> rows = new ArrayList<>();

  /**
   * @param wanted the bound, in words
   * @param rawLimit the machine's own figure from the same run, in words
   */
  void row(String what, String measured, String wanted, String rawLimit) {
    String row = "| %s | %s | %s | %s |".formatted(what, measured, wanted, rawLimit);
    System.out.println(row);
    rows.add(row);
  }

  void write(Path file, String heading) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(heading);
    lines.add("");
    lines.add("| what | measured | wanted | raw limit, same run |");
    lines.add("| --- | --- | --- | --- |");
    lines.addAll(rows);
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}
