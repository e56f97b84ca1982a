package dev.parley.http.console;

import dev.parley.http.shared.Asset;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** uPlot, which draws the plots, as its webjar brings it. */
final class PlotLibrary {
  private PlotLibrary() {}

  /** The resource of a file of the library; its path names the version, which the jar tells. */
  static String resource(String file) {
    byte[] bytes = Asset.read("/META-INF/maven/org.webjars.npm/uplot/pom.properties");
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = properties.getProperty("version");
    return "/META-INF/resources/webjars/uplot/" + version + "/dist/" + file;
  }
}
