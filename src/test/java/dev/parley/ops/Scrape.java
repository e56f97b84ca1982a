package dev.parley.ops;

import dev.parley.http.Wire;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code GET /metrics} of the test server shows: each metric with the names of its labels. */
final class Scrape {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) \\S+");
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:0-9]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  private final Map<String, Set<String>> labels = new TreeMap<>();

  private Scrape(String text) {
    text.lines().forEach(this::read);
  }

  static Scrape ofTestServer() {
    return new Scrape(Wire.get("/metrics").asAcme().send().body());
  }

  private void read(String line) {
    Matcher type = TYPE.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (type.matches()) {
      labels.put(type.group(1), new TreeSet<>());
    } else if (sample.matches()) {
      Set<String> names = labels.get(metric(sample.group(1)));
      if (names != null && sample.group(2) != null) {
        LABEL.matcher(sample.group(2)).results().forEach(found -> names.add(found.group(1)));
        names.remove("le");
      }
    }
  }

  /** The metric that a series belongs to. */
  String metric(String series) {
    return labels.containsKey(series) ? series : series.replaceFirst("_(bucket|count|sum)$", "");
  }

  /** The metrics and their labels; the largest value of a histogram stands for itself nowhere. */
  Map<String, Set<String>> metrics() {
    Map<String, Set<String>> all = new TreeMap<>(labels);
    labels.keySet().forEach(name -> all.remove(name + "_max"));
    return all;
  }

  /** Whether there is a series of this name. */
  boolean has(String series) {
    return labels.containsKey(metric(series));
  }
}
