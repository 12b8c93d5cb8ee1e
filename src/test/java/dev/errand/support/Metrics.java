package dev.errand.support;

import static io.restassured.RestAssured.given;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code /q/metrics} told at one time.
 *
 * @param text all of it
 * @param samples its values, by name and labels as they are written
 */
public record Metrics(String text, Map<String, Double> samples) {
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][^ {]*(?:\\{.*\\})?) (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"([^\"]*)\"");

  /** What it tells now, to whoever asks. */
  public static Metrics now() {
    String text =
        given().accept("text/plain").get("/q/metrics").then().statusCode(200).extract().asString();
    Map<String, Double> samples = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (!line.startsWith("#") && sample.matches()) {
        samples.put(sample.group(1), Double.valueOf(sample.group(2)));
      }
    }
    return new Metrics(text, samples);
  }

  /**
   * The sum of all samples of that name that have these labels among theirs.
   *
   * @param labels names and values in turn
   */
  public double of(String name, String... labels) {
    double sum = 0;
    for (Map.Entry<String, Double> sample : samples.entrySet()) {
      if (name.equals(nameOf(sample.getKey()))
          && labels(sample.getKey()).entrySet().containsAll(pairs(labels).entrySet())) {
        sum += sample.getValue();
      }
    }
    return sum;
  }

  /** Whether there is a sample of that name that has these labels among its own. */
  public boolean has(String name, String... labels) {
    return samples.keySet().stream()
        .anyMatch(
            sample ->
                name.equals(nameOf(sample))
                    && labels(sample).entrySet().containsAll(pairs(labels).entrySet()));
  }

  /** The names of all samples. */
  public Set<String> names() {
    return samples.keySet().stream().map(Metrics::nameOf).collect(Collectors.toSet());
  }

  /** The values of a label of all samples of that name. */
  public Set<String> values(String name, String label) {
    return samples.keySet().stream()
        .filter(sample -> name.equals(nameOf(sample)))
        .flatMap(sample -> Stream.ofNullable(labels(sample).get(label)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String nameOf(String sample) {
    int labels = sample.indexOf('{');
    return labels < 0 ? sample : sample.substring(0, labels);
  }

  private static Map<String, String> labels(String sample) {
    Map<String, String> all = new LinkedHashMap<>();
    Matcher label = LABEL.matcher(sample);
    while (label.find()) {
      all.put(label.group(1), label.group(2));
    }
    return all;
  }

  private static Map<String, String> pairs(String... labels) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      all.put(labels[i], labels[i + 1]);
    }
    return all;
  }
}
