package sknet.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Parts of pages. */
public final class Html {

    private Html() {
    }

    /**
     * A page with places to fill, like {{title}}; that of the common style sheet, {{style}}, is filled.
     *
     * @param owner a class of the package that has the page among its resources
     */
    public static String template(Class<?> owner, String name) {
        return resource(owner, name).replace("{{style}}", resource(Html.class, "style.css"));
    }

    private static String resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the page " + name, e);
        }
    }

    /** As text of an element or an attribute. */
    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    static String cell(String format, Object value) {
        return "<td>" + String.format(Locale.ROOT, format, value) + "</td>";
    }

    /** A table of plain text. */
    static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder("<table>\n<thead><tr>");
        head.forEach(title -> table.append("<th>").append(escape(title)).append("</th>"));
        table.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            table.append("<tr>");
            row.forEach(cell -> table.append("<td>").append(escape(cell)).append("</td>"));
            table.append("</tr>\n");
        }
        return table.append("</tbody>\n</table>").toString();
    }
}
