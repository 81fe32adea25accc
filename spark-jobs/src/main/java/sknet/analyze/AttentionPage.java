package sknet.analyze;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sknet.model.SelectiveUnit;
import sknet.report.Html;

/** The page: pictures, tables and provenance in one file that loads nothing. */
final class AttentionPage {

    private final AttentionReport report;
    private final AttentionResult result;
    private final int scales;

    private AttentionPage(AttentionReport report) {
        this.report = report;
        result = report.result();
        scales = result.plan().scales().size();
    }

    static String of(AttentionReport report) {
        return new AttentionPage(report).html();
    }

    private String html() {
        return Html.template(AttentionPage.class, "attention.html").replace("{{checkpoint}}", Html.escape(report.facts().get("analysis.checkpoint")))
            .replace("{{summary}}", summary()).replace("{{difference}}", pictures("difference")).replace("{{scales}}", scaleHeads())
            .replace("{{units}}", units()).replace("{{channels}}", pictures("channels")).replace("{{classes}}", pictures("classes"))
            .replace("{{examples}}", examples()).replace("{{kernels}}", kernels()).replace("{{provenance}}", provenance());
    }

    private String summary() {
        return String.format(Locale.ROOT, "%,d images, each at %s; %d SK units of %s", result.sums().images(),
            IntStream.range(0, scales).mapToObj(result::scaleName).collect(Collectors.joining(", ")), result.units().size(),
            Html.escape(report.facts().getOrDefault("model.name", "the network")));
    }

    private String pictures(String prefix) {
        return report.pictures().stream().filter(picture -> picture.name().startsWith(prefix)).map(AttentionPage::figure).collect(Collectors.joining());
    }

    /** As an image of its own, since names within one SVG would clash with those of another. */
    private static String figure(Picture picture) {
        return "<figure><figcaption>" + Html.escape(picture.title()) + "</figcaption>"
            + image("svg+xml", picture.svg().getBytes(StandardCharsets.UTF_8), picture.title()) + "</figure>\n";
    }

    private static String image(String type, byte[] content, String description) {
        return "<img alt=\"" + Html.escape(description) + "\" src=\"data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(content) + "\">";
    }

    private String scaleHeads() {
        return IntStream.range(0, scales).mapToObj(scale -> "<th>" + result.scaleName(scale) + "</th>").collect(Collectors.joining());
    }

    /** The difference of each unit by scale; and in how many channels the largest kernel's attention, in how many classes the difference rose. */
    private String units() {
        StringBuilder rows = new StringBuilder();
        for (int u = 0; u < result.units().size(); u++) {
            rows.append("<tr><td>").append(Html.escape(result.units().get(u).name())).append("</td><td>").append(Html.escape(result.units().get(u).difference()))
                .append("</td>");
            for (int scale = 0; scale < scales; scale++) {
                rows.append(cell(result.sums().difference(scale, u)));
            }
            rows.append(risingChannels(u)).append(risingClasses(u)).append("</tr>\n");
        }
        return rows.toString();
    }

    private String risingChannels(int u) {
        SelectiveUnit unit = result.units().get(u);
        int largest = unit.kernels().size() - 1;
        return rising(IntStream.range(0, unit.channels()).boxed().toList(), (scale, channel) -> result.sums().channel(scale, u, largest, channel));
    }

    private String risingClasses(int u) {
        List<Integer> seen = IntStream.range(0, result.classes().size()).filter(label -> result.sums().images(label) > 0).boxed().toList();
        return rising(seen, (scale, label) -> result.sums().difference(scale, u, label));
    }

    /** How many have a greater mean at the last scale than at the first. */
    private String rising(List<Integer> all, BiFunction<Integer, Integer, Distribution> value) {
        long rising = all.stream().filter(one -> value.apply(scales - 1, one).mean() > value.apply(0, one).mean()).count();
        return String.format(Locale.ROOT, "<td>%,d of %,d</td>", rising, all.size());
    }

    private String kernels() {
        StringBuilder rows = new StringBuilder();
        for (int u = 0; u < result.units().size(); u++) {
            SelectiveUnit unit = result.units().get(u);
            for (int k = 0; k < unit.kernels().size(); k++) {
                rows.append("<tr><td>").append(Html.escape(unit.name())).append("</td><td>").append(Html.escape(unit.kernels().get(k).name())).append("</td>");
                for (int scale = 0; scale < scales; scale++) {
                    rows.append(cell(result.sums().unit(scale, u, k)));
                }
                rows.append("</tr>\n");
            }
        }
        return rows.toString();
    }

    private static String cell(Distribution value) {
        return String.format(Locale.ROOT, "<td>%.4f ± %.4f</td>", value.mean(), value.deviation());
    }

    private String examples() {
        StringBuilder all = new StringBuilder();
        for (int number = 0; number < result.examples().size(); number++) {
            Example example = result.examples().get(number);
            all.append("<h3>").append(Html.escape(example.id())).append(" (").append(Html.escape(result.classes().get(example.label()))).append(")</h3>\n")
                .append("<div class=\"views\">");
            for (int scale = 0; scale < scales; scale++) {
                all.append("<figure><figcaption>").append(result.scaleName(scale)).append("</figcaption>")
                    .append(image("png", example.views().get(scale), "what the network is shown at " + result.scaleName(scale))).append("</figure>");
            }
            all.append("</div>\n");
            report.examples().get(number).forEach(picture -> all.append(figure(picture)));
        }
        return all.toString();
    }

    private String provenance() {
        return report.facts().entrySet().stream().map(fact -> "<tr><td>" + Html.escape(fact.getKey()) + "</td><td>" + Html.escape(fact.getValue()) + "</td></tr>\n")
            .collect(Collectors.joining());
    }
}
