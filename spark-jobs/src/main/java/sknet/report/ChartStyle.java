package sknet.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** What all charts have in common: their look, and how they become SVG. */
public final class ChartStyle {

    /** Pixels: narrow, and with large letters, so that it can be read on a phone. */
    public static final int WIDTH = 560;
    /** Pixels. */
    public static final int HEIGHT = 400;
    private static final Font LETTERS = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
    /** Of a curve. */
    public static final BasicStroke LINE = new BasicStroke(1.6f);
    /** Colours that people with any colour vision tell apart (Okabe and Ito). */
    private static final Color[] COLOURS = {new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
        new Color(0xE69F00), new Color(0x56B4E9), new Color(0x000000)};

    private ChartStyle() {
    }

    /** Gives a chart the look. */
    public static void apply(AxesChartStyler styler) {
        styler.setSeriesColors(COLOURS);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setLegendFont(LETTERS);
        styler.setAxisTitleFont(LETTERS);
        styler.setAxisTickLabelsFont(LETTERS);
    }

    /** A chart of figures over figures. */
    static XYChart chart(String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        apply(chart.getStyler());
        return chart;
    }

    /** Of the series with a number; they come round again. */
    static Color colour(int series) {
        return COLOURS[series % COLOURS.length];
    }

    /** The chart of figures as an SVG element; empty if it has no series. */
    static String svgIfAny(XYChart chart) throws IOException {
        return chart.getSeriesCollection().isEmpty() ? "" : svg(chart);
    }

    /** The chart as an SVG element. */
    public static String svg(IChart chart) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
        // Letters are outlines, and most of the file: a hundredth of a pixel is fine enough for them.
        String document = bytes.toString(StandardCharsets.UTF_8).replaceAll("(\\.\\d\\d)\\d+", "$1");
        // The XML declaration and document type have no place within a page.
        return document.substring(document.indexOf("<svg"));
    }
}
