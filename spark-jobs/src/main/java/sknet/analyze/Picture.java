package sknet.analyze;

/**
 * A chart.
 *
 * @param name  of its file, without the suffix
 * @param title what it shows
 * @param svg   an SVG element
 */
public record Picture(String name, String title, String svg) {

    /** The file's name; of a layer's name only what every file system takes. */
    String fileName() {
        return name.replaceAll("[^A-Za-z0-9_.-]", "_") + ".svg";
    }
}
