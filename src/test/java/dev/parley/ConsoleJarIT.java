package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console needs of the packed program. */
class ConsoleJarIT {
  @TempDir static Path directory;

  private static String get(ParleyProcess server, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.baseUrl().resolve(path))
            .header("Authorization", "Bearer " + ParleyProcess.SECRET_KEY)
            .build();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  @Test
  void the_jar_holds_its_parts_and_the_node_says_the_version_of_the_jar() throws Exception {
    Path jar = Path.of(System.getProperty("parley.jar", "target/parley.jar"));
    try (ParleyProcess server = ParleyProcess.start(directory);
        JarFile file = new JarFile(jar.toFile())) {
      assertThat(get(server, "/console")).contains("/console/app.js");
      assertThat(get(server, "/console/uplot.js")).contains("export { uPlot as default }");
      String version = file.getManifest().getMainAttributes().getValue("Implementation-Version");
      assertThat(Answer.parse(get(server, "/api/v1/cluster")).at("/members/0/version").asText())
          .isEqualTo(version);
    }
  }
}
